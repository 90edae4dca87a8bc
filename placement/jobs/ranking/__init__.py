"""The engine of recommendations: plain facts in, ranked lists with reasons out.

It knows neither the database nor the web. `postings.prepare` and `seekers.prepare_seekers`
turn facts into columns; `single` answers for one student, `batch` for all, `arrival` for one
new posting; `explain` says why. All of them give the same score for the same pair.
"""
