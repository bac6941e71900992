// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/privacy/restorer.h"
#include "gateway/privacy/scrubber.h"
#include "tests/gateway/privacy/corpus.h"
#include "tests/gateway/privacy/policies.h"
#include "tests/gateway/privacy/random_text.h"

#include <QTest>

#include <nlohmann/json.hpp>

using namespace gateway::privacy;

namespace {

/// What a text becomes, with a map of its own or a given one.
std::string scrubbed(const std::shared_ptr<const Policy> &policy, std::string_view text, PlaceholderMap &map, TextForm form = TextForm::Plain)
{
    Scrubber scrubber(policy, testHasher(), map);
    std::vector<Edit> edits;
    const Rule *blocked = scrubber.scrub(text, form, edits);
    return blocked != nullptr ? "blocked by " + blocked->name : edited(text, edits);
}

std::string scrubbed(const std::string &rules, std::string_view text, TextForm form = TextForm::Plain)
{
    PlaceholderMap map;
    return scrubbed(policyWith(rules), text, map, form);
}

std::string withoutPlaceholders(std::string_view text)
{
    std::string out;
    while (!text.empty()) {
        const PlaceholderText placeholder = readPlaceholder(text);
        const bool whole = placeholder.is == PlaceholderText::Is::Whole;
        out += whole ? '\n' : text.front();
        text.remove_prefix(whole ? placeholder.size : 1);
    }
    return out;
}

std::string replacedAll(std::string text, std::string_view from, std::string_view to)
{
    for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
        text.replace(at, from.size(), to);
    return text;
}

} // namespace

/// What a policy makes of texts, and how an answer gets its values back.
class tst_Scrubber : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void numbersPlaceholdersOverTheConversation();
    void escapesWhatReadsLikeAPlaceholder();
    void masksHashesBlocksAndReports();
    void letsThroughWhatIsAllowed();
    void editsJsonStrings();
    void restoresEveryForm_data();
    void restoresEveryForm();
    void leavesOtherTextsAlone();
    void holdsBackOnlyWhatCouldBeAPlaceholder();
    void roundTrips();
    void restoresAtEverySplit();
    void restoresInsideJson();
};

void tst_Scrubber::numbersPlaceholdersOverTheConversation()
{
    const auto policy = policyWith("{detect: all}");
    PlaceholderMap map;
    QCOMPARE(scrubbed(policy, "anna@example.com and bob@example.com", map), std::string("<EMAIL_1> and <EMAIL_2>"));
    QCOMPARE(scrubbed(policy, "bob@example.com, IBAN DE89370400440532013000, Anna@example.com", map), std::string("<EMAIL_2>, IBAN <IBAN_1>, <EMAIL_3>"));
    QCOMPARE(Restorer::restored(map, "To <EMAIL_2>: <IBAN_1>"), std::string("To bob@example.com: DE89370400440532013000"));
}

void tst_Scrubber::escapesWhatReadsLikeAPlaceholder()
{
    const auto policy = policyWith("{detect: email}");
    PlaceholderMap map;
    const std::string text = "say <EMAIL_1> or <email_1> to anna@example.com, <div_1>, <IBAN_1> and <TEXT_7>";
    const std::string sent = scrubbed(policy, text, map);
    QCOMPARE(sent, std::string("say <TEXT_1> or <TEXT_2> to <EMAIL_1>, <div_1>, <IBAN_1> and <TEXT_3>"));
    QCOMPARE(Restorer::restored(map, sent), text);
}

void tst_Scrubber::masksHashesBlocksAndReports()
{
    QCOMPARE(scrubbed("{detect: email, action: mask}", "anna@example.com"), std::string("****@*******.***"));
    QCOMPARE(scrubbed("{detect: dictionary, name: towns, words: [M\xc3\xbcnchen], action: mask}", "in M\xc3\xbcnchen"), std::string("in *******"));
    const std::string hashed = scrubbed("{detect: email, action: hash}", "anna@example.com");
    QVERIFY(hashed.starts_with("[EMAIL:") && hashed.size() == 7 + 16 + 1);
    QCOMPARE(scrubbed("{detect: email, action: hash}", "x anna@example.com"), "x " + hashed);
    QVERIFY(scrubbed("{detect: email, action: hash}", "bob@example.com") != hashed);
    QCOMPARE(scrubbed("{detect: all}, {detect: credit_card, action: block}", "anna@example.com pays 4111 1111 1111 1111"), std::string("blocked by credit_card"));
    QCOMPARE(scrubbed("{detect: email, action: report}", "anna@example.com"), std::string("anna@example.com"));

    PlaceholderMap map;
    Scrubber scrubber(policyWith("{detect: email, action: report}"), testHasher(), map);
    std::vector<Edit> edits;
    QCOMPARE(scrubber.scrub("anna@example.com, bob@example.com", TextForm::Plain, edits), nullptr);
    QVERIFY(edits.empty() && map.empty());
    QCOMPARE(scrubber.counts(), (std::vector<std::uint32_t> {2}));
}

void tst_Scrubber::letsThroughWhatIsAllowed()
{
    const std::string rules = "{detect: email, allow: [\"help@example.com\", \"*@ours.example\"]}";
    QCOMPARE(scrubbed(rules, "Help@example.com, anna@ours.example, anna@example.com"), std::string("Help@example.com, anna@ours.example, <EMAIL_1>"));
}

void tst_Scrubber::editsJsonStrings()
{
    const auto policy = policyWith("{detect: all}, {detect: dictionary, name: people, words: [M\xc3\xbcller], action: mask}, {detect: regex, name: note, pattern: '\"[a-z]+\"', action: mask}");
    PlaceholderMap map;
    const std::string raw = R"(line\nanna\u0040example.com \"quoted\" M\u00fcller \ud83d\ude42 end)";
    const std::string expected = R"(line\n<EMAIL_1> \"******\" ****** \ud83d\ude42 end)";
    QCOMPARE(scrubbed(policy, raw, map, TextForm::JsonString), expected);
    QCOMPARE(*map.valueOf("EMAIL_1"), std::string("anna@example.com")); // as it is in plain text
}

void tst_Scrubber::restoresEveryForm_data()
{
    QTest::addColumn<QString>("answer");
    QTest::addColumn<int>("inside");
    QTest::addColumn<QString>("restored");
    const auto row = [](const char *name, const char *answer, Inside inside, const char *restored) { QTest::newRow(name) << QString::fromUtf8(answer) << static_cast<int>(inside) << QString::fromUtf8(restored); };
    row("as sent", "Hi <NOTE_1>!", Inside::Text, R"(Hi a"b\c & d!)");
    row("small letters", "<note_1>", Inside::Text, R"(a"b\c & d)");
    row("JSON-escaped", R"(\u003cNOTE_1\u003e \u003Cnote_1\u003E)", Inside::Text, R"(a\"b\\c & d a\"b\\c & d)");
    row("in a URL", "?q=%3CNOTE_1%3E %3cnote%5f1%3e", Inside::Text, "?q=a%22b%5Cc%20%26%20d a%22b%5Cc%20%26%20d");
    row("in HTML", "<p>&lt;NOTE_1&gt;</p>", Inside::Text, R"(<p>a&quot;b\c &amp; d</p>)");
    row("in Markdown", R"(<NOTE\_1>)", Inside::Text, R"(a"b\c & d)");
    row("in JSON", R"({"to":"<NOTE_1>"})", Inside::Json, R"({"to":"a\"b\\c & d"})");
    row("in JSON, escaped there", R"({"to":"\u003cNOTE_1\u003e"})", Inside::Json, R"({"to":"a\"b\\c & d"})");
    row("in JSON in a string", R"({\"to\":\"<NOTE_1>\"})", Inside::JsonInString, R"({\"to\":\"a\\\"b\\\\c & d\"})");
    row("in JSON in a string, escaped there", R"({\"to\":\"\\u003cNOTE_1\\u003e\"})", Inside::JsonInString, R"({\"to\":\"a\\\"b\\\\c & d\"})");
    row("escaped twice", R"(\\u003cNOTE_1\\u003e)", Inside::Json, R"(a\\\"b\\\\c & d)");
}

void tst_Scrubber::restoresEveryForm()
{
    QFETCH(QString, answer);
    QFETCH(int, inside);
    QFETCH(QString, restored);
    PlaceholderMap map;
    (void)map.placeholderOf("NOTE", "a\"b\\c & d");
    QCOMPARE(QString::fromStdString(Restorer::restored(map, answer.toStdString(), static_cast<Inside>(inside))), restored);
}

void tst_Scrubber::leavesOtherTextsAlone()
{
    PlaceholderMap map;
    (void)map.placeholderOf("EMAIL", "anna@example.com");
    for (const char *text : {"<EMAIL_2>", "<EMAIL_10>", "<EMAIL_1", "EMAIL_1", "<EMAIL_1 >", "< EMAIL_1>", "<EMAIL_1><", "a < b && c \\u003", "%3CEMAIL_1>", "<_1>", "<EMAIL_>", "<<<<", "\\\\\\\\\\\\"}) {
        const bool whole = std::string_view(text) == "<EMAIL_1><";
        QCOMPARE(Restorer::restored(map, text), whole ? std::string("anna@example.com<") : std::string(text));
    }
}

void tst_Scrubber::holdsBackOnlyWhatCouldBeAPlaceholder()
{
    PlaceholderMap map;
    Restorer restorer(map);
    std::string out;
    restorer.feed("nothing is held where there is nothing: <EMAIL_", out);
    QCOMPARE(restorer.held(), std::size_t {0});
    (void)map.placeholderOf("EMAIL", "anna@example.com");
    out.clear();
    restorer.feed("a <b", out);
    QCOMPARE(out, std::string("a <b"));
    restorer.feed("> <EM", out);
    QCOMPARE(out, std::string("a <b> "));
    QCOMPARE(restorer.held(), std::size_t {3});
    restorer.feed("ERALD> <" + std::string(500, 'E'), out);
    QCOMPARE(restorer.held(), std::size_t {0});
    restorer.feed("<EMAIL_1", out);
    out.clear();
    restorer.finish(out);
    QCOMPARE(out, std::string("<EMAIL_1"));
    for (int i = 0; i < 1000; ++i) {
        restorer.feed("\\", out);
        QVERIFY(restorer.held() <= longestPlaceholder);
    }
}

void tst_Scrubber::roundTrips()
{
    const auto policy = policyWith("{detect: all}");
    corpus::Random random(7);
    std::size_t entities = 0;
    Scanner again(policy);
    for (int i = 0; i < 10'000; ++i) {
        const std::string text = randomText(random);
        PlaceholderMap map;
        const std::string sent = scrubbed(policy, text, map);
        entities += map.size();
        const std::string left = withoutPlaceholders(sent);
        QVERIFY2(again.scan(left).empty(), sent.c_str()); // nothing is left for the provider
        QCOMPARE(Restorer::restored(map, sent), text);
        const std::size_t split = sent.empty() ? 0 : random.below(sent.size());
        std::string streamed;
        Restorer restorer(map);
        restorer.feed(std::string_view(sent).substr(0, split), streamed);
        restorer.feed(std::string_view(sent).substr(split), streamed);
        restorer.finish(streamed);
        QCOMPARE(streamed, text);
    }
    QVERIFY(entities > 50'000);
}

void tst_Scrubber::restoresAtEverySplit()
{
    const auto policy = policyWith("{detect: all}");
    corpus::Random random(8);
    for (int i = 0; i < 60; ++i) {
        const std::string text = randomText(random);
        PlaceholderMap map;
        const std::string sent = scrubbed(policy, text, map);
        for (std::size_t split = 0; split <= sent.size(); ++split) {
            std::string streamed;
            Restorer restorer(map);
            restorer.feed(std::string_view(sent).substr(0, split), streamed);
            QVERIFY(restorer.held() <= longestPlaceholder);
            restorer.feed(std::string_view(sent).substr(split), streamed);
            restorer.finish(streamed);
            QCOMPARE(streamed, text);
        }
        for (std::size_t size = 1; size <= 7; ++size) {
            std::string streamed;
            Restorer restorer(map);
            for (std::size_t at = 0; at < sent.size(); at += size)
                restorer.feed(std::string_view(sent).substr(at, size), streamed);
            restorer.finish(streamed);
            QCOMPARE(streamed, text);
        }
    }
}

void tst_Scrubber::restoresInsideJson()
{
    const auto policy = policyWith("{detect: all}");
    corpus::Random random(9);
    for (int i = 0; i < 500; ++i) {
        const std::string text = randomText(random);
        PlaceholderMap map;
        const std::string sent = scrubbed(policy, text, map);
        const std::string arguments = nlohmann::json {{"text", sent}}.dump();
        const auto restored = nlohmann::json::parse(Restorer::restored(map, replacedAll(replacedAll(arguments, "<", "\\u003c"), ">", "\\u003e"), Inside::Json));
        QCOMPARE(restored["text"].get<std::string>(), text);
        const std::string body = nlohmann::json {{"arguments", arguments}}.dump();
        const auto outer = nlohmann::json::parse(Restorer::restored(map, body, Inside::JsonInString));
        QCOMPARE(nlohmann::json::parse(outer["arguments"].get<std::string>())["text"].get<std::string>(), text);
    }
}

QTEST_APPLESS_MAIN(tst_Scrubber)
#include "tst_scrubber.moc"
