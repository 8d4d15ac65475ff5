"""The pages of the course, one a lesson, and the widgets they share (pages.ui)."""
