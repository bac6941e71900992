// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/calls/text_marks.h"

#include <QTextDocument>
#include <QtTest>

#include <cmath>

using namespace Qt::StringLiterals;
using gateway::CallFilter;
using ui::calls::markedHtml;
using ui::calls::markedIn;
using ui::calls::TextMark;
using ui::calls::wantedWords;
using ui::calls::WantedWords;

namespace {

CallFilter filterOf(const QString &text)
{
    const auto read = CallFilter::parse(text.toStdString());
    if (!read)
        qFatal("%s", read.error().message.c_str());
    return *read;
}

/// The text with brackets around what is marked.
QString bracketed(const QString &text, const QString &filter)
{
    QString all = text;
    const QList<TextMark> marks = markedIn(text, wantedWords(filterOf(filter)));
    for (auto mark = marks.crbegin(); mark != marks.crend(); ++mark) {
        all.insert(mark->from + mark->length, u']');
        all.insert(mark->from, u'[');
    }
    return all;
}

double luminance(const QColor &color)
{
    const auto linear = [](double part) { return part <= 0.04045 ? part / 12.92 : std::pow((part + 0.055) / 1.055, 2.4); };
    return 0.2126 * linear(color.redF()) + 0.7152 * linear(color.greenF()) + 0.0722 * linear(color.blueF());
}

double contrast(const QColor &one, const QColor &other)
{
    const double a = luminance(one), b = luminance(other);
    return (std::max(a, b) + 0.05) / (std::min(a, b) + 0.05);
}

} // namespace

/// Which words of a text are those that a filter asks for.
class tst_TextMarks : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void wordsAreMarked_data()
    {
        QTest::addColumn<QString>("filter");
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("marked");
        const auto row = [](const char *name, const QString &filter, const QString &text, const QString &marked) { QTest::newRow(name) << filter << text << marked; };
        row("a whole word", u"text:pay"_s, u"Pay, repay, payment, pay."_s, u"[Pay], repay, payment, [pay]."_s);
        row("the beginning of one", u"text:pay*"_s, u"Pay, repay, payment."_s, u"[Pay], repay, [payment]."_s);
        row("a phrase", u"text:\"credit card\""_s, u"A credit\n card; a card, a credit-card."_s, u"A [credit\n card]; a card, a [credit-card]."_s);
        row("a phrase's beginning", u"text:credit-ca*"_s, u"credit cards and credit lines"_s, u"[credit cards] and credit lines"_s);
        row("several terms", u"text:pay (text:card OR text:bank)"_s, u"pay by card or bank"_s, u"[pay] by [card] or [bank]"_s);
        row("not what calls must not have", u"text:pay NOT text:card"_s, u"pay by card"_s, u"[pay] by card"_s);
        row("no other field", u"team:pay pay \"pay\""_s, u"pay"_s, u"pay"_s);
        row("marks of letters", u"text:cafe"_s, u"Café, CAFÉ, cafe\u0301s, cafe\u0301"_s, u"[Café], [CAFÉ], cafe\u0301s, [cafe\u0301]"_s);
        row("marks in what is asked for", u"text:\u00fcber"_s, u"Uber and über"_s, u"[Uber] and [über]"_s);
        row("other scripts", u"text:привет"_s, u"Привет, мир"_s, u"[Привет], мир"_s);
        row("digits", u"text:42"_s, u"42, 420, a42"_s, u"[42], 420, a42"_s);
        row("what is no word breaks one", u"text:user_id"_s, u"user_id, user id, userid"_s, u"[user_id], [user id], userid"_s);
        row("beyond the first plane", u"text:ok"_s, u"😀ok😀 \U0001D400ok"_s, u"😀[ok]😀 \U0001D400ok"_s);
        row("phrases that share words", u"text:\"a b\" text:\"b c\""_s, u"a b c d"_s, u"[a b c] d"_s);
        row("one within another", u"text:\"a b c\" text:b"_s, u"a b c"_s, u"[a b c]"_s);
        row("at the ends", u"text:x"_s, u"x"_s, u"[x]"_s);
        row("nothing", u"text:x"_s, QString(), QString());
    }

    void wordsAreMarked()
    {
        QFETCH(QString, filter);
        QFETCH(QString, text);
        QFETCH(QString, marked);
        QCOMPARE(bracketed(text, filter), marked);
    }

    void eachIsWantedOnce()
    {
        QCOMPARE(wantedWords(filterOf(u"text:Pay OR text:pay OR text:pay*"_s)), (QList<WantedWords> {{{u"pay"_s}, false}, {{u"pay"_s}, true}}));
        QVERIFY(wantedWords(CallFilter()).isEmpty());
        QVERIFY(markedIn(u"pay"_s, {}).isEmpty());
    }

    void textIsNeverMarkup()
    {
        const QString text = u"<b>pay</b> &amp; \"x\"\n  indented\t<script>"_s;
        for (const bool dark : {false, true}) {
            QTextDocument shown;
            shown.setHtml(markedHtml(text, markedIn(text, wantedWords(filterOf(u"text:pay"_s))), ui::widgets::themeColors(dark)));
            QString back = shown.toPlainText();
            back.replace(QChar::LineSeparator, u'\n');
            QCOMPARE(back, text);
        }
    }

    void marksAreReadInLightAndDark()
    {
        for (const bool dark : {false, true}) {
            const auto &colors = ui::widgets::themeColors(dark);
            const QColor behind = ui::calls::markColor(colors);
            QVERIFY2(contrast(colors.text, behind) >= 4.5, qPrintable(QString::number(contrast(colors.text, behind))));
            QVERIFY2(contrast(colors.surface, behind) >= 1.3, qPrintable(QString::number(contrast(colors.surface, behind)))); // and seen
        }
    }
};

QTEST_MAIN(tst_TextMarks)
#include "tst_text_marks.moc"
