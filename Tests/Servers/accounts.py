"""The S3 accounts of every test server, by name: key id and secret. `bob` owns nothing of what `alice` makes."""

ACCOUNTS = {"alice": ("AKIAWEIRTESTALICE", "alicesecretalicesecretalice"), "bob": ("AKIAWEIRTESTBOB", "bobsecretbobsecretbob")}
