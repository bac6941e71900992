// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/privacy/answer_rewriter.h"
#include "gateway/privacy/body_scrub.h"
#include "tests/gateway/privacy/answer_formats.h"
#include "tests/gateway/privacy/policies.h"
#include "tests/gateway/privacy/random_text.h"

#include <QTest>

using namespace gateway;
using namespace gateway::privacy;
using formats::Format;
using formats::Json;

namespace {

constexpr const char *everything = "{detect: all, threshold: 0.3}";

std::vector<std::string> cutAnywhere(std::string_view text, corpus::Random &random, std::size_t longest)
{
    std::vector<std::string> pieces;
    while (!text.empty()) {
        std::size_t size = std::min(text.size(), 1 + random.below(longest));
        while (size < text.size() && (static_cast<unsigned char>(text[size]) & 0xc0) == 0x80) // JSON holds whole characters
            ++size;
        pieces.emplace_back(text.substr(0, size));
        text.remove_prefix(size);
    }
    if (pieces.empty())
        pieces.emplace_back();
    return pieces;
}

/// @param pieces  the stream as it comes
Result<std::string> rewritten(AnswerChanges &changes, const char *type, const std::vector<std::string_view> &pieces)
{
    AnswerRewriter rewriter(changes);
    rewriter.begin(type);
    std::string out;
    for (const std::string_view piece : pieces) {
        if (auto fed = rewriter.piece(piece, out); !fed)
            return std::unexpected(fed.error());
    }
    if (auto finished = rewriter.finish(out); !finished)
        return std::unexpected(finished.error());
    return out;
}

std::vector<std::string_view> piecesOf(std::string_view stream, corpus::Random &random, std::size_t longest)
{
    std::vector<std::string_view> pieces;
    while (!stream.empty()) {
        const std::size_t size = std::min(stream.size(), 1 + random.below(longest));
        pieces.push_back(stream.substr(0, size));
        stream.remove_prefix(size);
    }
    return pieces;
}

/// What is left of a text beside its placeholders.
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

/// The placeholders of a text as a model may write them.
std::string asAModelMay(std::string_view text, std::size_t how)
{
    std::string out;
    while (!text.empty()) {
        const PlaceholderText placeholder = readPlaceholder(text);
        if (placeholder.is != PlaceholderText::Is::Whole) {
            out += text.front();
            text.remove_prefix(1);
            continue;
        }
        std::string name = placeholder.name;
        if (how == 1)
            std::ranges::transform(name, name.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
        if (how == 2)
            out += "%3C" + name + "%3E";
        else if (how == 3)
            out += "\\u003c" + name + "\\u003e";
        else
            out += "<" + name + ">";
        text.remove_prefix(placeholder.size);
    }
    return out;
}

} // namespace

/// Requests of every format scrubbed, and their answers in every format given their values back or looked at.
class tst_AnswerRewriter : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void tenThousandTextsGoRound();
    void everySplitOfAStream_data();
    void everySplitOfAStream();
    void responsesSayTheSameAtTheirEnd();
    void whatIsHeldComesBeforeTheEnd_data();
    void whatIsHeldComesBeforeTheEnd();
    void untouchedBytesStay_data();
    void untouchedBytesStay();
    void wholeAnswers_data();
    void wholeAnswers();
    void jsonAnswersStayJson();
    void commentsAreNeverHeld();
    void checkMasksOverSeveralEvents_data();
    void checkMasksOverSeveralEvents();
    void checkBlocks();
    void checkLeavesIdsAlone();
    void halfACharacterIsNotBroken();
    void rowsOfBackslashesStayJson();
};

void tst_AnswerRewriter::tenThousandTextsGoRound()
{
    const auto policy = policyWith(everything);
    const std::vector<Format> all = formats::all();
    corpus::Random random(20);
    Scanner scanner(policy);
    int entities = 0;
#ifdef __SANITIZE_THREAD__
    constexpr int texts = 300; // all on one thread, and a hundred times as slow
#else
    constexpr int texts = 10'000;
#endif
    for (int i = 0; i < texts; ++i) {
        const Format &format = all[static_cast<std::size_t>(i) % all.size()];
        const std::string text = randomText(random);
        const std::string body = format.request(text);
        const auto map = std::make_shared<PlaceholderMap>();
        Scrubber scrubber(policy, testHasher(), *map);
        BodyScrub scrub(body, "application/json");
        QVERIFY(scrub.scrub(scrubber) == nullptr);
        const std::string sent = format.asked(Json::parse(scrub.result()));
        const std::string rest = withoutPlaceholders(sent);
        for (const Hit &hit : scanner.scan(rest))
            QVERIFY2(false, ("the provider sees " + std::string(hit.in(rest)) + " of " + text).c_str());
        entities += static_cast<int>(map->size());

        const std::size_t how = random.below(4);
        const std::string model = asAModelMay(sent, how);
        const std::string answer = format.arguments ? formats::dumped({{"q", model}}) : model;
        const std::string stream = format.stream(cutAnywhere(answer, random, 1 + random.below(30)));
        RestoreChanges changes(map);
        const auto out = rewritten(changes, format.type, piecesOf(stream, random, i % 7 == 0 ? 1 : 1 + random.below(200)));
        QVERIFY(out.has_value());
        std::string said = format.said(*out);
        if (format.arguments)
            said = formats::textAt(Json::parse(said), "/q");
        const bool exact = how < 2; // else values are encoded as their placeholders were
        const std::string wanted = exact ? text : Restorer::restored(*map, model);
        if (said != wanted && (exact || !format.arguments))
            QFAIL((std::string(format.name) + ": " + said + "\nin place of\n" + wanted).c_str());
    }
    QVERIFY(entities > 5 * texts);
}

void tst_AnswerRewriter::everySplitOfAStream_data()
{
    QTest::addColumn<int>("index");
    const auto all = formats::all();
    for (std::size_t i = 0; i < all.size(); ++i)
        QTest::newRow(all[i].name) << static_cast<int>(i);
}

void tst_AnswerRewriter::everySplitOfAStream()
{
    QFETCH(int, index);
    const Format format = formats::all()[static_cast<std::size_t>(index)];
    const auto map = std::make_shared<PlaceholderMap>();
    (void)map->placeholderOf("EMAIL", "a\"b@example.com");
    (void)map->placeholderOf("PHONE", "+49 30 1234567");
    const std::string model = "To <EMAIL_1>, or <phone_1> <EMAIL_9> <";
    const std::string wanted = "To a\"b@example.com, or +49 30 1234567 <EMAIL_9> <";
    const std::string answer = format.arguments ? formats::dumped({{"q", model}}) : model;
    for (std::size_t size = 1; size <= answer.size(); ++size) { // deltas of every length
        std::vector<std::string> deltas;
        for (std::size_t at = 0; at < answer.size(); at += size)
            deltas.push_back(answer.substr(at, size));
        const std::string stream = format.stream(deltas);
        const std::size_t step = size == 7 ? 1 : 17;
        for (std::size_t cut = 0; cut <= stream.size(); cut += step) { // cut in two at every byte
            RestoreChanges changes(map);
            const auto out = rewritten(changes, format.type, {std::string_view(stream).substr(0, cut), std::string_view(stream).substr(cut)});
            QVERIFY(out.has_value());
            std::string said = format.said(*out);
            if (format.arguments)
                said = formats::textAt(Json::parse(said), "/q");
            QCOMPARE(said, wanted);
        }
    }
}

void tst_AnswerRewriter::responsesSayTheSameAtTheirEnd()
{
    const auto map = std::make_shared<PlaceholderMap>();
    (void)map->placeholderOf("EMAIL", "ann@example.com");
    RestoreChanges changes(map);
    const auto out = rewritten(changes, "text/event-stream", {formats::responsesStream({"Ask <EMA", "IL_1> and <EMAIL"})});
    QVERIFY(out.has_value());
    const std::vector<Json> events = formats::eventsOf(*out);
    std::string deltas;
    std::int64_t last = -1;
    for (const Json &event : events) {
        QVERIFY2(event["sequence_number"].get<std::int64_t>() == last + 1, out->c_str());
        last = event["sequence_number"].get<std::int64_t>();
        deltas += formats::textAt(event, "/delta");
        if (event["type"] == "response.output_text.done")
            QCOMPARE(event["text"].get<std::string>(), deltas);
    }
    QCOMPARE(deltas, std::string("Ask ann@example.com and <EMAIL"));
    QCOMPARE(formats::textAt(events.back(), "/response/output/0/content/0/text"), deltas);
}

void tst_AnswerRewriter::whatIsHeldComesBeforeTheEnd_data()
{
    everySplitOfAStream_data();
}

/// A stream that is cut gives what is held.
void tst_AnswerRewriter::whatIsHeldComesBeforeTheEnd()
{
    QFETCH(int, index);
    const Format format = formats::all()[static_cast<std::size_t>(index)];
    if (format.arguments)
        return; // cut-off JSON is nothing to compare
    const auto map = std::make_shared<PlaceholderMap>();
    (void)map->placeholderOf("EMAIL", "ann@example.com");
    const std::string stream = format.stream({"Ask ", "<EMAIL_1> and <EMAIL", "never"});
    const std::size_t cut = stream.find(formats::dumped("never").substr(0, 6));
    std::string_view begun = std::string_view(stream).substr(0, cut);
    if (std::string_view(format.type) == "text/event-stream")
        begun = begun.substr(0, begun.rfind("\n\n") + 2);
    else
        begun = begun.substr(0, begun.rfind('\n') + 1);
    RestoreChanges changes(map);
    AnswerRewriter rewriter(changes);
    rewriter.begin(format.type);
    std::string out;
    QVERIFY(rewriter.piece(begun, out).has_value());
    QVERIFY(out.find("ann@example.com") != std::string::npos);
    QVERIFY(out.find("<EMAIL\"") == std::string::npos);
    QVERIFY(rewriter.finish(out).has_value());
    if (std::string_view(format.type) == "application/json")
        out += "]";
    QCOMPARE(format.said(out), std::string("Ask ann@example.com and <EMAIL"));
}

void tst_AnswerRewriter::untouchedBytesStay_data()
{
    everySplitOfAStream_data();
}

void tst_AnswerRewriter::untouchedBytesStay()
{
    QFETCH(int, index);
    const Format format = formats::all()[static_cast<std::size_t>(index)];
    const auto map = std::make_shared<PlaceholderMap>();
    (void)map->placeholderOf("EMAIL", "ann@example.com");
    std::string stream = format.stream({"{\"q\":\"caf\xc3\xa9 \\\"", " <b> 100% ", "\\u00e9 &amp; \"}"});
    RestoreChanges changes(map);
    const auto out = rewritten(changes, format.type, {stream});
    QVERIFY(out.has_value());
    if (std::string_view(format.type) == "application/json") // what stands between elements is its own
        QCOMPARE(format.said(*out), format.said(stream));
    else if (!format.arguments)
        QCOMPARE(*out, stream);
    else
        QCOMPARE(format.said(*out), format.said(stream));
}

void tst_AnswerRewriter::wholeAnswers_data()
{
    QTest::addColumn<QByteArray>("type");
    QTest::addColumn<QByteArray>("answer");
    QTest::addColumn<QByteArray>("wanted");
    const auto row = [](const char *name, const char *type, const char *answer, const char *wanted) { QTest::newRow(name) << QByteArray(type) << QByteArray(answer) << QByteArray(wanted); };
    row("chat", "application/json", R"({"id":"x","choices":[{"message":{"content":"Hi <NAME_1>!","tool_calls":[{"function":{"name":"f","arguments":"{\"to\":\"<NAME_1>\"}"}}]}}]})",
        R"({"id":"x","choices":[{"message":{"content":"Hi A\"n\n!","tool_calls":[{"function":{"name":"f","arguments":"{\"to\":\"A\\\"n\\n\"}"}}]}}]})");
    row("messages", "application/json", R"({"content":[{"type":"tool_use","input":{"<name_1>":["\u003cNAME_1\u003e"]}}]})", R"({"content":[{"type":"tool_use","input":{"A\"n\n":["A\"n\n"]}}]})");
    row("anything", "application/json; charset=utf-8", R"([1, "%3CNAME_1%3E", {"a" : "<NAME_2>"}])", R"([1, "A%22n%0A", {"a" : "<NAME_2>"}])");
    row("no JSON", "application/json", "oops <NAME_1>", "oops A\"n\n");
    row("text", "text/plain", "1\n00:01 <NAME_1>", "1\n00:01 A\"n\n");
    row("sound", "audio/mpeg", "<NAME_1>", "<NAME_1>");
}

void tst_AnswerRewriter::wholeAnswers()
{
    QFETCH(QByteArray, type);
    QFETCH(QByteArray, answer);
    QFETCH(QByteArray, wanted);
    const auto map = std::make_shared<PlaceholderMap>();
    (void)map->placeholderOf("NAME", "A\"n\n");
    RestoreChanges changes(map);
    AnswerRewriter rewriter(changes);
    std::string out;
    QVERIFY(rewriter.whole(answer.toStdString(), type.toStdString(), out).has_value());
    QCOMPARE(out, wanted.toStdString());
}

void tst_AnswerRewriter::jsonAnswersStayJson()
{
    const auto map = std::make_shared<PlaceholderMap>();
    (void)map->placeholderOf("NAME", "A\"n\n");
    RestoreChanges changes(map, true);
    AnswerRewriter rewriter(changes);
    std::string out;
    QVERIFY(rewriter.whole(R"({"choices":[{"message":{"content":"{\"name\":\"<NAME_1>\"}"}}]})", "application/json", out).has_value());
    QCOMPARE(formats::textAt(Json::parse(formats::textAt(Json::parse(out), "/choices/0/message/content")), "/name"), std::string("A\"n\n"));
}

void tst_AnswerRewriter::commentsAreNeverHeld()
{
    const auto map = std::make_shared<PlaceholderMap>();
    (void)map->placeholderOf("NAME", "Ann");
    RestoreChanges changes(map);
    for (const auto &[type, comment] : {std::pair("text/event-stream", ": ping\n\n"), std::pair("application/json", "\n")}) {
        AnswerRewriter rewriter(changes);
        rewriter.begin(type);
        std::string out;
        QVERIFY(rewriter.piece(comment, out).has_value());
        QCOMPARE(out, std::string(comment));
    }
}

void tst_AnswerRewriter::checkMasksOverSeveralEvents_data()
{
    everySplitOfAStream_data();
}

void tst_AnswerRewriter::checkMasksOverSeveralEvents()
{
    QFETCH(int, index);
    const Format format = formats::all()[static_cast<std::size_t>(index)];
    const auto policy = policyWith("{detect: email, action: mask}, {detect: credit_card, action: tokenize}");
    const std::string model = "Write to ann.smith@example.com with 4111 1111 1111 1111, today";
    const std::string wanted = "Write to ***.*****@*******.*** with <CREDIT_CARD>, today";
    const std::string answer = format.arguments ? formats::dumped({{"q", model}}) : model;
    for (std::size_t size = 1; size <= answer.size(); size += 3) {
        std::vector<std::string> deltas;
        for (std::size_t at = 0; at < answer.size(); at += size)
            deltas.push_back(answer.substr(at, size));
        CheckChanges changes(policy, testHasher());
        const auto out = rewritten(changes, format.type, {format.stream(deltas)});
        QVERIFY(out.has_value());
        std::string said = format.said(*out);
        if (format.arguments)
            said = formats::textAt(Json::parse(said), "/q");
        QCOMPARE(said, wanted);
        QVERIFY(out->find("smith") == std::string::npos);
        QVERIFY(out->find("4111 ") == std::string::npos);
        std::uint32_t found = 0;
        for (const std::uint32_t count : changes.counts().rules)
            found += count;
        QCOMPARE(found, 2U);
    }
}

void tst_AnswerRewriter::checkBlocks()
{
    const auto policy = policyWith("{detect: credit_card, action: block}");
    CheckChanges changes(policy, testHasher());
    const Format chat = formats::all().front();
    const auto out = rewritten(changes, chat.type, {chat.stream({"It is 4111 11", "11 1111 1111, yes"})});
    QVERIFY(!out.has_value());
    QCOMPARE(out.error().code, ErrorCode::BlockedByPolicy);
    QVERIFY(out.error().message.find("credit_card") != std::string::npos);
    QVERIFY(out.error().message.find("4111") == std::string::npos);
}

void tst_AnswerRewriter::checkLeavesIdsAlone()
{
    const auto policy = policyWith("{detect: all, threshold: 0.1, action: mask}");
    const std::string answer = R"({"id":"chatcmpl-A1b2C3d4E5f6G7h8I9j0K1l2M3n4","system_fingerprint":"fp_44709d6fcb1234567890","model":"gpt-4o-2024-08-06","choices":[{"message":{"tool_calls":[{"id":"call_A1b2C3d4E5f6G7h8I9j0K1l2","type":"function"}]}}],"usage":{"prompt_tokens":4111111111111111}})";
    CheckChanges changes(policy, testHasher());
    AnswerRewriter rewriter(changes);
    std::string out;
    QVERIFY(rewriter.whole(answer, "application/json", out).has_value());
    QCOMPARE(out, answer);
}

void tst_AnswerRewriter::halfACharacterIsNotBroken()
{
    const auto policy = policyWith("{detect: email, action: mask}");
    CheckChanges changes(policy, testHasher());
    const std::string stream = "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"ok \\ud83d\"}}]}\n\ndata: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"\\ude42 \"}}]}\n\ndata: [DONE]\n\n";
    const auto out = rewritten(changes, "text/event-stream", {stream});
    QVERIFY(out.has_value());
    QCOMPARE(formats::all().front().said(*out), std::string("ok \xf0\x9f\x99\x82 "));
}

void tst_AnswerRewriter::rowsOfBackslashesStayJson()
{
    const auto map = std::make_shared<PlaceholderMap>();
    (void)map->placeholderOf("EMAIL", "ann@example.com");
    const Format chat = formats::all().front();
    for (std::size_t slashes = 0; slashes < 9; ++slashes) {
        for (const std::string ends : {"", "u003cEMA", "<EMAIL_1>"}) {
            const std::string text = "a" + std::string(slashes, '\\') + ends;
            RestoreChanges changes(map);
            const auto out = rewritten(changes, chat.type, {chat.stream({text, "b"})});
            QVERIFY(out.has_value());
            const std::string said = chat.said(*out); // which takes JSON alone
            QCOMPARE(said, ends == "<EMAIL_1>" && slashes == 0 ? std::string("aann@example.comb") : said);
            if (ends != "<EMAIL_1>")
                QCOMPARE(said, text + "b");
        }
    }
}

QTEST_APPLESS_MAIN(tst_AnswerRewriter)
#include "tst_answer_rewriter.moc"
