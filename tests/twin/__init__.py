"""The same operation in plain SimPy: does the delivery kernel serve whom it should, when it should, for what it should?"""
