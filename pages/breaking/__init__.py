"""The switches of each lesson: the intact model beside the broken one. The other demos are in the lesson's page."""
