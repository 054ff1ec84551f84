#: The version of the program that the package is made for and that its wheels carry.
__version__ = "0.2.0"
