// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/core/call_filter.h"
#include "ui/panes/calls/filter_choice.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace ui::calls;

/// Values chosen by clicks, in the filter's text.
class tst_FilterChoice : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void clickChangesTheText_data()
    {
        QTest::addColumn<QString>("filter");
        QTest::addColumn<QString>("field");
        QTest::addColumn<QString>("value");
        QTest::addColumn<bool>("exclude");
        QTest::addColumn<QString>("wanted");
        const auto row = [](const char *name, const QString &filter, const QString &field, const QString &value, bool exclude, const QString &wanted) { QTest::newRow(name) << filter << field << value << exclude << wanted; };
        row("first", u""_s, u"team"_s, u"search"_s, false, u"team:search"_s);
        row("again", u"team:search"_s, u"team"_s, u"search"_s, false, u""_s);
        row("second of its field", u"team:search status:>=500"_s, u"team"_s, u"support"_s, false, u"(team:search OR team:support) status:>=500"_s);
        row("one of two back", u"(team:search OR team:support) stream:true"_s, u"team"_s, u"search"_s, false, u"team:support stream:true"_s);
        row("of another field", u"team:search"_s, u"route"_s, u"smart"_s, false, u"team:search route:smart"_s);
        row("leave out", u"team:search"_s, u"provider"_s, u"openai"_s, true, u"team:search NOT provider:openai"_s);
        row("leave out what was shown", u"team:search latency:>2s"_s, u"team"_s, u"search"_s, true, u"NOT team:search latency:>2s"_s);
        row("leave out no more", u"NOT team:search AND latency:>2s"_s, u"team"_s, u"search"_s, true, u"latency:>2s"_s);
        row("an OR is kept together", u"status:500 OR attempts:>1"_s, u"team"_s, u"a b"_s, false, u"(status:500 OR attempts:>1) team:\"a b\""_s);
        row("and stays when nothing is chosen", u"status:500 OR attempts:>1"_s, u"team"_s, u""_s, false, u"(status:500 OR attempts:>1) team:\"\""_s);
        row("none", u"team:\"\""_s, u"team"_s, u""_s, false, u""_s);
        row("no error", u"team:x"_s, u"status"_s, u"<400"_s, false, u"team:x status:<400"_s);
        row("no error again", u"status:<400 team:x"_s, u"status"_s, u"<400"_s, false, u"team:x"_s);
        row("a comparison is no choice", u"status:>=400"_s, u"status"_s, u"429"_s, false, u"status:>=400 status:429"_s);
        row("quoted words stay", u"\"NOT a (b\" team:\"x \\\" y\" model:gpt*"_s, u"team"_s, u"z"_s, false, u"\"NOT a (b\" (team:\"x \\\" y\" OR team:z) model:gpt*"_s);
        row("a group of two fields is none", u"(team:a OR route:b)"_s, u"team"_s, u"a"_s, false, u"(team:a OR route:b) team:a"_s);
    }
    void clickChangesTheText()
    {
        QFETCH(QString, filter);
        QFETCH(QString, field);
        QFETCH(QString, value);
        QFETCH(bool, exclude);
        QFETCH(QString, wanted);
        const QString after = toggled(filter, field, value, exclude);
        QCOMPARE(after, wanted);
        QVERIFY(gateway::CallFilter::parse(after.toStdString()).has_value());
        if (!after.isEmpty() && after.contains(field))
            QCOMPARE(choiceOf(after, field).excluded.contains(value), exclude && !choiceOf(filter, field).excluded.contains(value));
    }
    void choicesAreRead()
    {
        const QString filter = u"(team:a OR team:\"b c\") NOT team:d latency:>1s NOT (team:e OR team:f)"_s;
        QCOMPARE(choiceOf(filter, u"team"_s), (FieldChoice {{u"a"_s, u"b c"_s}, {u"d"_s}}));
        QVERIFY(choiceOf(filter, u"latency"_s).empty());
        QCOMPARE(withChoice(filter, u"team"_s, {}), u"latency:>1s NOT (team:e OR team:f)"_s);
    }
};

QTEST_APPLESS_MAIN(tst_FilterChoice)
#include "tst_filter_choice.moc"
