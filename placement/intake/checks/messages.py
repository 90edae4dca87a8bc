"""The messages of the checks: English message ids, whose Chinese stands in the catalogue."""

MISSING = "There is no %(column)s."
MISSING_PERSON = "There is neither a student number nor an ID number."
TOO_LONG = "%(column)s: at most %(limit)s characters."
DAMAGED = "%(column)s: signs were lost when the file was saved. Enter it again."
NOT_A_NAME = "This is not a name."
NOT_A_NUMBER = "%(column)s: only letters, digits and - _ . / are taken."
NOT_A_COUNT = "%(column)s: give a whole number."
TOO_SMALL = "%(column)s: at least %(limit)s."
MORE_PLACED = "More people are placed (%(placed)s) than graduated (%(graduates)s)."
SALARY_RANGE = "The lowest salary is higher than the highest."
NOT_TEXT = (
    "Cell %(cell)s holds a number, so that digits may be lost. "
    "Set the column to text and enter it again."
)
ID_FORM = "A resident ID number has 17 digits and a last digit or X."
ID_BIRTH_DATE = "The ID number holds a date of birth that does not exist."
ID_CHECK_DIGIT = "The check digit of the ID number is wrong: one of its digits was mistyped."
ID_OTHER_FORM = "This is not the number of such a paper: %(paper)s."
SEX = "By the ID number the sex is %(by_id)s, the file says %(given)s."
UNKNOWN_CODE = "%(column)s: this code or name is not known."
UNKNOWN_UNIVERSITY = (
    "The university %(university)s is not known. Give its code and its name to have it added."
)
UNKNOWN_UNIVERSITY_HERE = "The university %(university)s is not known."
OTHER_UNIVERSITY = "This row belongs to another university (%(university)s)."
BAD_DATE = "This is not a date. Write it as 2016-06-30."
EMPLOYER_CODE_FORM = "A unified social credit code has 18 letters and digits."
EMPLOYER_CODE_DIGIT = "The check digit of the employer's code is wrong."
DUPLICATE = "Row %(first)s is about the same (%(column)s) with other data."

CAUTION_COUNTY = "The ID number begins with %(county)s, which is no county now."
CAUTION_AGE = "The date of birth in the ID number does not fit the class year."
CAUTION_NOT_MINORITY = "The ethnic group %(group)s does not put anybody in a category."
CAUTION_UNIVERSITY = "The university %(university)s was not known and is added as %(named)s."
CAUTION_DIVISION = "The place %(division)s is no county now; it counts with its city."
CAUTION_LEFT_OUT = "%(column)s: not taken over, since it has another form."
CAUTION_COMPLETED = "The level says completed, the standing says graduated; completed was taken."
CAUTION_STILL_ENROLLED = (
    "Destination %(destination)s says that the student has not left; see that the standing fits."
)
CAUTION_NO_EMPLOYER = "Destination %(destination)s has no employer."
CAUTION_MAJOR = "The major %(major)s is in no catalogue and is compared by its name."

ALL = tuple(value for name, value in sorted(globals().items()) if name.isupper())
"""Every message, so that a test can hold the catalogue against them."""
