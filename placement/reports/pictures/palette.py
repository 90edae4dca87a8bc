"""The colours of drawings that stand alone, such as in a printed brief: one hue and greys."""

STANDALONE = """
.picture text { font-family: "Noto Sans CJK SC", "Noto Sans SC", sans-serif; font-size: 12px;
  fill: #162022; }
.picture .quiet { fill: #5a686c; }
.picture .strong { font-weight: 600; }
.picture .grid { stroke: #dbe3e4; stroke-width: 1; }
.picture .edge { stroke: #7b898d; stroke-width: 1; }
.picture .line { stroke: #0f7b83; stroke-width: 2.5; stroke-linecap: round; }
.picture .whole { stroke: #7f8c90; stroke-width: 1.5; stroke-dasharray: 4 3; }
.picture .all { stroke: #3f4d51; stroke-width: 2; }
.picture .low { stroke: #7d4b00; }
.picture .stem { stroke: #0f7b83; stroke-width: 4; stroke-linecap: round; }
.picture .one { fill: #0f7b83; }
.picture .two { fill: #93c4c8; }
.picture .track { fill: #e9efef; }
.picture .graduates { fill: #ffffff; stroke: #3f4d51; stroke-width: 2; }
.picture .few { fill: #ffffff; stroke: #0f7b83; stroke-width: 1.5; }
.picture .star { fill: #7d4b00; }
"""
