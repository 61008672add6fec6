"""Does the doctor find what is wrong, and leave alone what is not?"""
