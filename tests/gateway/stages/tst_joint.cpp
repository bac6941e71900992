// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/stages/attempts/joint.h"

#include <QtTest>

#include <random>
#include <string>

using gateway::stages::repeatedAt;

/// Where the second model's words are joined to the first one's.
class tst_Joint : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void findsWhatIsRepeated_data();
    void findsWhatIsRepeated();
    void tellsTheSameHoweverTheTextComes();
};

void tst_Joint::findsWhatIsRepeated_data()
{
    QTest::addColumn<QByteArray>("said");
    QTest::addColumn<QByteArray>("more");
    QTest::addColumn<bool>("spaceCutOff");
    QTest::addColumn<int>("repeated");
    const auto row = [](const char *name, const char *said, const char *more, int repeated, bool spaceCutOff = false) {
        QTest::newRow(name) << QByteArray(said) << QByteArray(more) << spaceCutOff << repeated;
    };
    row("it goes on", "The train leaves", " at noon.", 0);
    row("within a word", "The train le", "aves at noon.", 0);
    row("one letter is no repetition", "hel", "lo", 0);
    row("nor is a short word", "It is very", " very late", 0);
    row("the last words again", "The signal shows a red light", "shows a red light, so stop.", 17);
    row("all of it again", "The train leaves", "The train leaves at noon.", 16);
    row("all of a short text again", "po", "pong", 2);
    row("a different start", "The train leaves", "The trains leave", 0);
    row("nothing came", "The train", "", 0);
    row("nothing but the repetition", "The train leaves", "The train leaves", 16);
    row("lines of a table are no words", "| --- | --- |\n| --- | --- |\n", "| --- | --- |\n", 0);
    row("braces of code are no words", "}\n        }\n    }\n", "    }\n}\n", 0);
    row("characters of several bytes", "世界の信号は赤い", "信号は赤いから止まる", 15);
    row("space that was cut off comes again", "The train ", " leaves", 1, true);
    row("in part", "The train \n\n", " leaves", 1, true);
    row("line feeds", "One:\n\n", "\n\nTwo", 2, true);
    row("space that was not cut off is new", "One:\n", "\nTwo", 0);
    row("words and space", "shows a red light ", "a red light so", 12);
}

void tst_Joint::findsWhatIsRepeated()
{
    QFETCH(QByteArray, said);
    QFETCH(QByteArray, more);
    QFETCH(bool, spaceCutOff);
    QFETCH(int, repeated);
    const auto found = repeatedAt({.said = said.toStdString(), .more = more.toStdString(), .moreComes = false, .spaceCutOff = spaceCutOff});
    QVERIFY(found);
    QCOMPARE(int(*found), repeated);
}

/// Whatever pieces the second text comes in, once it is known how much is repeated that is what the whole text says.
void tst_Joint::tellsTheSameHoweverTheTextComes()
{
    std::mt19937 random(7);
    const auto text = [&](std::size_t words) {
        static constexpr const char *known[] = {"signal ", "box ", "red ", "the ", "train\n", "stops "};
        std::string made;
        for (std::size_t i = 0; i < words; ++i)
            made += known[random() % std::size(known)];
        return made;
    };
    for (int round = 0; round < 2000; ++round) {
        const std::string said = text(1 + random() % 8);
        const std::string more = (random() % 2 ? said.substr(random() % said.size()) : std::string()) + text(1 + random() % 5);
        const bool cutOff = random() % 2;
        const auto whole = repeatedAt({.said = said, .more = more, .moreComes = false, .spaceCutOff = cutOff});
        std::optional<std::size_t> early;
        for (std::size_t size = 1; size <= more.size() && !early; ++size)
            early = repeatedAt({.said = said, .more = std::string_view(more).substr(0, size), .moreComes = true, .spaceCutOff = cutOff});
        if (early)
            QVERIFY2(*early == *whole, (said + "|" + more).c_str());
    }
}

QTEST_GUILESS_MAIN(tst_Joint)
#include "tst_joint.moc"
