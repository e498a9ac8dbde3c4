"""What the authors of each data set publish, in small, and what has to come of it."""

from typing import Any

Rows = list[tuple[Any, ...]]

# Per data set: its files, as {member: content} for an archive, and its rows.
PUBLISHED: dict[str, tuple[dict[str, Any], dict[str, Rows]]] = {
    "ag_news": (
        {"train.csv": '"3","Title","Text \\ more"\n', "test.csv": '"1","T","x, y"\n'},
        {"train": [("Title Text \\ more", "Business")], "test": [("T x, y", "World")]},
    ),
    "astd": (
        {
            "tweets.txt": "صباح\tPOS\nخبر\tOBJ\nلا\tNEG\n",
            "train.txt": "2\n0",
            "dev.txt": "1",
            "test.txt": "0\n",
        },
        {
            "train": [("لا", "NEG"), ("صباح", "POS")],
            "dev": [("خبر", "OBJ")],
            "test": [("صباح", "POS")],
        },
    ),
    "banking77": (
        {
            "train.csv": 'text,category\n"\nWhy, ""why""?\n",age_limit\n',
            "test.csv": "text,category\nHow?,reverted_card_payment?\n",
        },
        {
            "train": [('\nWhy, "why"?\n', "age_limit")],
            "test": [("How?", "reverted_card_payment?")],
        },
    ),
    "chnsenticorp": (
        {
            "chnsenticorp.tar.gz": {
                "chnsenticorp/train.tsv": "label\ttext_a\n1\t很好。\n",
                "chnsenticorp/dev.tsv": "label\ttext_a\n0\t太差\n",
                "chnsenticorp/test.tsv": "label\ttext_a\n1\t很好。\n0\t一般\n",
                "chnsenticorp/._dev.tsv": "",
            }
        },
        {
            "train": [("很好。", "positive")],
            "dev": [("太差", "negative")],
            "test": [("很好。", "positive"), ("一般", "negative")],
            "test_nodup": [("一般", "negative")],
        },
    ),
    "germeval2018": (
        {
            "train.txt": "@a Schön |LBR| hier\tOTHER\tOTHER\n",
            "test.txt": 'Du "Depp"\tOFFENSE\tINSULT\n',
        },
        {
            "train": [("@a Schön |LBR| hier", "OTHER", "OTHER")],
            "test": [('Du "Depp"', "OFFENSE", "INSULT")],
        },
    ),
    "go_emotions": (
        {
            "train.tsv": '"Well, thanks\t4,15\ted1\n',
            "dev.tsv": "ok \t27\ted2\n",
            "test.tsv": "so sad\t25\ted3\n",
        },
        {
            "train": [('"Well, thanks', "approval|gratitude")],
            "dev": [("ok ", "neutral")],
            "test": [("so sad", "sadness")],
        },
    ),
    "imdb": (
        {
            "aclImdb_v1.tar.gz": {
                "aclImdb/README": "",
                "aclImdb/train/pos/0_9.txt": "Great<br />film",
                "aclImdb/train/pos/10_7.txt": "Good\x96so",
                "aclImdb/train/neg/0_1.txt": "Bad",
                "aclImdb/test/neg/3_4.txt": "Dull",
                "aclImdb/test/pos/7_10.txt": "Wow",
                "aclImdb/train/unsup/0_0.txt": "Who knows",
                "aclImdb/train/urls_pos.txt": "http://www.imdb.com",
            }
        },
        {
            "train": [
                ("Bad", "negative", 1),
                ("Great<br />film", "positive", 9),
                ("Good\x96so", "positive", 7),
            ],
            "test": [("Dull", "negative", 4), ("Wow", "positive", 10)],
            "unsup": [("Who knows",)],
        },
    ),
    "mr": (
        {
            "rt-polaritydata.tar.gz": {
                "rt-polaritydata.README.1.0.txt": "",
                "rt-polaritydata/rt-polarity.neg": b"dull \x96 and long . \n",
                "rt-polaritydata/rt-polarity.pos": b"a caf\xe9 . \n",
            }
        },
        {"all": [("a café .", "pos"), ("dull – and long .", "neg")]},
    ),
    "polarity_v2": (
        {
            "review_polarity.tar.gz": {
                "poldata.README.2.0": "",
                "txt_sentoken/pos/cv900_1.txt": "fine . \nvery fine . \n",
                "txt_sentoken/neg/cv099_2.txt": "bad . \n",
            }
        },
        {"all": [("bad . \n", "neg", 0), ("fine . \nvery fine . \n", "pos", 9)]},
    ),
    "reuters_r8": (
        {"train.txt": "earn\tnet profit \n", "test.txt": "money-fx\tthe yen \n"},
        {"train": [("net profit", "earn")], "test": [("the yen", "money-fx")]},
    ),
    "sms_spam": (
        {
            "sms_spam.zip": {
                "SMSSpamCollection": 'ham\tOk lar... "joking"\nspam\tWIN £900\x92s ',
                "readme": "",
            }
        },
        {"all": [('Ok lar... "joking"', "ham"), ("WIN £900\x92s ", "spam")]},
    ),
    "sst1": (
        {
            "trees.zip": {
                "trees/train.txt": "(3 (2 It) (4 (4 Works) (2 -LRB-)))\n",
                "trees/dev.txt": "(2 (2 So) (2 what))\n\n",
                "trees/test.txt": "(0 (1 No) (0 1\\/2))\n",
            }
        },
        {
            "train": [("it works -lrb-", "positive")],
            "dev": [("so what", "neutral")],
            "test": [("no 1\\/2", "very negative")],
        },
    ),
    "sst2": (
        {
            "trees.zip": {
                "trees/train.txt": "(4 (2 It) (4 works))\n(2 (2 So) (2 what))\n",
                "trees/dev.txt": "(3 (2 Not) (1 bad))\n",
                "trees/test.txt": "(1 (1 Not) (3 good))\n",
            }
        },
        {
            "train": [("it works", "positive")],
            "dev": [("not bad", "positive")],
            "test": [("not good", "negative")],
        },
    ),
    "sst1_phrases": (
        {
            "trees.zip": {
                "trees/train.txt": "(3 (2 A) (4 (4 Great) (2 Film)))\n"
                "(1 (1 Dull) (2 film))\n(2 (2 So) (2 what))\n",
                "trees/dev.txt": "(2 (2 So) (2 what))\n",
                "trees/test.txt": "(4 (4 Great) (2 film))\n",
            }
        },
        {
            "train": [
                ("a great film", "positive"),
                ("dull film", "negative"),
                ("a", "neutral"),
                ("great", "very positive"),
                ("film", "neutral"),
                ("dull", "negative"),
                ("so", "neutral"),
                ("what", "neutral"),
            ],
            "dev": [("so what", "neutral")],
            "test": [("great film", "very positive")],
        },
    ),
    "sst2_phrases": (
        {
            "trees.zip": {
                "trees/train.txt": "(4 (2 It) (4 works))\n(2 (3 well) (2 what))\n",
                "trees/dev.txt": "(3 (2 Not) (1 bad))\n(2 (2 so) (2 so))\n",
                "trees/test.txt": "(1 (1 Not) (3 good))\n",
            }
        },
        {
            "train": [
                ("it works", "positive"),
                ("works", "positive"),
                ("well", "positive"),
            ],
            "dev": [("not bad", "positive")],
            "test": [("not good", "negative")],
        },
    ),
    "subj": (
        {
            "rotten_imdb.tar.gz": {
                "subjdata.README.1.0": "",
                "plot.tok.gt9.5000": b"a man \x97 h\xe9l\xe8ne . \n",
                "quote.tok.gt9.5000": "smart and alert . \n",
            }
        },
        {
            "all": [
                ("smart and alert .", "subjective"),
                ("a man — hélène .", "objective"),
            ]
        },
    ),
    "trec": (
        {
            "train.label": b"LOC:city Which sister\xf0city ?\n",
            "test.label": "NUM:dist How far : 1 ?\n",
        },
        {"train": [("Which sisterðcity ?", "LOC")], "test": [("How far : 1 ?", "NUM")]},
    ),
    "trec_fine": (
        {"train.label": "LOC:city Which ?\n", "test.label": "NUM:dist How far ?\n"},
        {"train": [("Which ?", "LOC:city")], "test": [("How far ?", "NUM:dist")]},
    ),
    "tweet_emotion": (
        {
            "train_text.txt": "So #happy \n@user no \n",
            "train_labels.txt": "1\n0\n",
            "dev_text.txt": "hm ",
            "dev_labels.txt": "3",
            "test_text.txt": "we can 😀 \n",
            "test_labels.txt": "2\n",
        },
        {
            "train": [("So #happy", "joy"), ("@user no", "anger")],
            "dev": [("hm", "sadness")],
            "test": [("we can 😀", "optimism")],
        },
    ),
    "twenty_newsgroups": (
        {
            "20news-bydate.tar.gz": {
                "20news-bydate-train/sci.space/60": b"From: x\n\n\xff moon\n",
                "20news-bydate-train/alt.atheism/9": "why\n",
                "20news-bydate-test/sci.med/1": "doctor\n",
            }
        },
        {
            "train": [("why\n", "alt.atheism"), ("From: x\n\nÿ moon\n", "sci.space")],
            "test": [("doctor\n", "sci.med")],
        },
    ),
}
