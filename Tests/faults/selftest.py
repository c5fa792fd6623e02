def passes(): return True
