"""How the values of a data cut came about: the trail of each participant, without what the cut does not know."""
