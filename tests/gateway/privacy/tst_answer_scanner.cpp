// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/privacy/answer_scanner.h"
#include "tests/gateway/privacy/corpus.h"
#include "tests/gateway/privacy/policies.h"

#include <QTest>

using namespace gateway::privacy;

namespace {

/// The answer in pieces of a size, as it reaches the caller; "blocked by ..." behind it where it is.
std::string streamed(const std::shared_ptr<const Policy> &policy, std::string_view text, std::size_t size)
{
    AnswerScanner scanner(policy, testHasher());
    std::string out;
    const Rule *blocked = nullptr;
    for (std::size_t at = 0; at < text.size() && blocked == nullptr; at += size)
        blocked = scanner.feed(text.substr(at, size), out);
    if (blocked == nullptr)
        blocked = scanner.finish(out);
    return blocked == nullptr ? out : out + "|blocked by " + blocked->name;
}

std::string whole(const std::shared_ptr<const Policy> &policy, std::string_view text)
{
    return streamed(policy, text, text.size() + 1);
}

} // namespace

/// Entities in answers that come in pieces.
class tst_AnswerScanner : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void findsAcrossPieces();
    void holdsLittle();
    void holdsNothingWhereNothingIsReplaced();
    void blocksBeforeTheEntityIsOut();
    void coversWhatIsTooLongForTheWindow();
    void countsEachOnce();
    void letsPlaceholdersThrough();
    void ownWordsAndPatterns();
};

void tst_AnswerScanner::findsAcrossPieces()
{
    const auto policy = policyWith("{detect: all, action: mask}");
    corpus::Random random(3);
    for (const std::string_view detector : {"email", "phone", "credit_card", "iban", "us_ssn", "uk_nino", "uk_nhs", "de_tax_id", "fr_nir", "es_dni", "br_cnpj", "crypto_wallet", "api_key", "mac_address"}) {
        for (int i = 0; i < 8; ++i) {
            const std::string value = corpus::valueOf(detector, random);
            const std::string text = "They wrote that the thing somebody asked about is " + value + " and nothing else besides it.";
            const std::string expected = whole(policy, text);
            if (expected.find(value) != std::string::npos)
                continue; // needs a word beside it
            for (std::size_t size = 1; size < 24; ++size)
                QVERIFY2(streamed(policy, text, size) == expected, (value + " in pieces of " + std::to_string(size) + ": " + streamed(policy, text, size)).c_str());
        }
    }
}

void tst_AnswerScanner::holdsLittle()
{
    AnswerScanner scanner(policyWith("{detect: all, action: mask}"), testHasher());
    std::string out;
    QCOMPARE(scanner.feed("the quick brown fox jumps over", out), nullptr);
    QCOMPARE(out, std::string("the quick brown fox jumps"));
    for (int i = 0; i < 2000; ++i) {
        (void)scanner.feed("Aa1 ", out);
        QVERIFY(scanner.held() <= AnswerScanner::longestHeld);
    }
    for (int i = 0; i < 2000; ++i) {
        (void)scanner.feed("x1@", out);
        QVERIFY(scanner.held() <= AnswerScanner::longestHeld);
    }
}

void tst_AnswerScanner::holdsNothingWhereNothingIsReplaced()
{
    AnswerScanner scanner(policyWith("{detect: all, action: report}"), testHasher());
    std::string out;
    (void)scanner.feed("write to anna@exam", out);
    QCOMPARE(out, std::string("write to anna@exam"));
    QCOMPARE(scanner.held(), std::size_t {0});
    (void)scanner.feed("ple.com", out);
    QCOMPARE(scanner.finish(out), nullptr);
    QCOMPARE(out, std::string("write to anna@example.com"));
    QCOMPARE(scanner.counts()[0], 1U);
}

void tst_AnswerScanner::blocksBeforeTheEntityIsOut()
{
    const auto policy = policyWith("{detect: email, action: mask}, {detect: credit_card, action: block}");
    for (std::size_t size = 1; size < 20; ++size) {
        const std::string out = streamed(policy, "The card number that was asked for is 4111 1111 1111 1111, they say.", size);
        QVERIFY2(out.ends_with("|blocked by credit_card"), out.c_str());
        QVERIFY2(out.find("4111 1111 1111 1111") == std::string::npos, out.c_str());
    }
}

void tst_AnswerScanner::coversWhatIsTooLongForTheWindow()
{
    const auto policy = policyWith("{detect: private_key}, {detect: url_credentials}");
    corpus::Random random(4);
    std::string key = "-----BEGIN PRIVATE KEY-----\n";
    for (int line = 0; line < 40; ++line)
        key += random.from("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+/", 64) + "\n";
    key += "-----END PRIVATE KEY-----";
    for (const std::size_t size : {1, 3, 10, 50, 200, 5000}) {
        const std::string out = streamed(policy, "Here it is:\n" + key + "\nKeep it well. It is long.", size);
        for (std::size_t at = 30; at + 12 < key.size() - 30; at += 40)
            QVERIFY2(out.find(key.substr(at, 12)) == std::string::npos, out.c_str());
        QVERIFY2(out.ends_with("It is long."), out.c_str());
    }
}

void tst_AnswerScanner::countsEachOnce()
{
    const std::string text = "anna@example.com wrote to bob@example.org yesterday evening, then to anna@example.com again.";
    for (const char *rules : {"{detect: email, action: mask}", "{detect: email, action: report}"}) {
        for (std::size_t size = 1; size < 30; ++size) {
            AnswerScanner scanner(policyWith(rules), testHasher());
            std::string out;
            for (std::size_t at = 0; at < text.size(); at += size)
                (void)scanner.feed(std::string_view(text).substr(at, size), out);
            (void)scanner.finish(out);
            QCOMPARE(scanner.counts(), (std::vector<std::uint32_t> {3}));
        }
    }
}

void tst_AnswerScanner::letsPlaceholdersThrough()
{
    const auto policy = policyWith("{detect: all}");
    const std::string text = "I wrote to <EMAIL_1> from <IP_ADDRESS_2> about <CREDIT_CARD_12>; new: carl@example.com.";
    for (std::size_t size = 1; size < 30; ++size)
        QCOMPARE(streamed(policy, text, size), std::string("I wrote to <EMAIL_1> from <IP_ADDRESS_2> about <CREDIT_CARD_12>; new: <EMAIL>."));
}

void tst_AnswerScanner::ownWordsAndPatterns()
{
    const auto policy = policyWith("{detect: dictionary, name: codename, words: [blue heron of the north]}, {detect: regex, name: ticket, pattern: 'TCK-[0-9]{6}'}");
    const auto spaced = policyWith("{detect: regex, name: order, pattern: 'order number [0-9]+'}");
    for (std::size_t size = 1; size < 40; ++size) {
        QCOMPARE(streamed(policy, "see TCK-123456 about the Blue Heron of the North or the blue heron of the south", size), std::string("see <TICKET> about the <CODENAME> or the blue heron of the south"));
        QCOMPARE(streamed(spaced, "the order number 12345 is late", size), std::string("the <ORDER> is late"));
    }
}

QTEST_APPLESS_MAIN(tst_AnswerScanner)
#include "tst_answer_scanner.moc"
