// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/core/call_id.h"
#include "gateway/core/call_record.h"
#include "gateway/core/key_digests.h"
#include "gateway/core/key_hash.h"
#include "gateway/core/latency_histogram.h"
#include "gateway/core/money.h"
#include "gateway/core/text.h"

#include <QTest>

#include <set>
#include <string>
#include <vector>

using namespace gateway;
using namespace std::string_literals;

class tst_Values : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void moneyReadsExactDecimals_data();
    void moneyReadsExactDecimals();
    void moneyRefusesWhatIsNoAmount_data();
    void moneyRefusesWhatIsNoAmount();
    void moneyComesBackAsTheShortestText();
    void perMillionRoundsHalfToEven_data();
    void perMillionRoundsHalfToEven();
    void perMillionHoldsProductsBeyond64Bits();

    void validUtf8StaysAsItIs_data();
    void validUtf8StaysAsItIs();
    void invalidUtf8BecomesReplacements_data();
    void invalidUtf8BecomesReplacements();
    void truncationNeverCutsASequence();
    void jsonQuotingEscapesControlsAndMendsBytes_data();
    void jsonQuotingEscapesControlsAndMendsBytes();
    void trimmedTakesAsciiSpaceAlone();
    void nearestNameFindsTyposOnly();
    void hexIsLowerCase();

    void callIdsSortByTime();
    void callIdsDifferWithinAMillisecond();
    void callIdsFormIsRecognised();

    void keyHashNeedsTheInstallationsKey();
    void keyHashComesBackFromHex();
    void knownDigestsAreThoseOfTheHasher();
    void keySecretsAreLongAndDistinct();
    void keyPrefixShowsNoMoreThanSevenLetters();

    void bucketsFollowEachOther();
    void quantilesAreWithinSixPercent();
    void histogramOfNothingHasNoQuantile();
    void everyErrorAndStatusHasAWordOfItsOwn();
};

void tst_Values::moneyReadsExactDecimals_data()
{
    QTest::addColumn<std::string>("text");
    QTest::addColumn<qint64>("nanos");
    QTest::newRow("whole") << "12"s << qint64 {12'000'000'000};
    QTest::newRow("cents") << "12.40"s << qint64 {12'400'000'000};
    QTest::newRow("nano") << "0.000000001"s << qint64 {1};
    QTest::newRow("negative") << "-3"s << qint64 {-3'000'000'000};
    QTest::newRow("plus") << "+0.5"s << qint64 {500'000'000};
    QTest::newRow("no whole part") << ".25"s << qint64 {250'000'000};
    QTest::newRow("no fraction behind the point") << "7."s << qint64 {7'000'000'000};
    QTest::newRow("largest") << "9223372036.854775807"s << qint64 {INT64_MAX};
}

void tst_Values::moneyReadsExactDecimals()
{
    QFETCH(std::string, text);
    QFETCH(qint64, nanos);
    const auto money = Money::parse(text);
    QVERIFY(money.has_value());
    QCOMPARE(qint64 {money->nanos()}, nanos);
}

void tst_Values::moneyRefusesWhatIsNoAmount_data()
{
    QTest::addColumn<std::string>("text");
    for (const char *text : {"", "-", ".", "1.2.3", "1e-7", "0.0000000001", "12,40", "$5", " 1", "1 ", "9223372036.854775808", "99999999999999999999999999", "NaN"})
        QTest::newRow(*text ? text : "empty") << std::string(text);
}

void tst_Values::moneyRefusesWhatIsNoAmount()
{
    QFETCH(std::string, text);
    const auto money = Money::parse(text);
    QVERIFY(!money.has_value());
    QCOMPARE(money.error().code, ErrorCode::Invalid);
    QVERIFY(money.error().message.find("\"" + text + "\"") != std::string::npos);
}

void tst_Values::moneyComesBackAsTheShortestText()
{
    for (const char *text : {"12.4", "0.0000025", "-3", "0", "-0.000000001", "100", "9223372036.854775807"})
        QCOMPARE(Money::parse(text)->toDecimal(), std::string(text));
    QCOMPARE(Money::fromNanos(INT64_MIN).toDecimal(), "-9223372036.854775808"s);
}

void tst_Values::perMillionRoundsHalfToEven_data()
{
    QTest::addColumn<qint64>("nanos");
    QTest::addColumn<qint64>("tokens");
    QTest::addColumn<qint64>("cost");
    QTest::newRow("exact") << qint64 {2'500'000'000} << qint64 {1000} << qint64 {2'500'000};
    QTest::newRow("half to even, down") << qint64 {500'000} << qint64 {1} << qint64 {0};
    QTest::newRow("half to even, up") << qint64 {500'000} << qint64 {3} << qint64 {2};
    QTest::newRow("half to even, stays") << qint64 {500'000} << qint64 {5} << qint64 {2};
    QTest::newRow("above half") << qint64 {500'001} << qint64 {1} << qint64 {1};
    QTest::newRow("below half") << qint64 {499'999} << qint64 {1} << qint64 {0};
    QTest::newRow("negative half") << qint64 {-500'000} << qint64 {3} << qint64 {-2};
    QTest::newRow("no tokens") << qint64 {2'500'000'000} << qint64 {0} << qint64 {0};
}

void tst_Values::perMillionRoundsHalfToEven()
{
    QFETCH(qint64, nanos);
    QFETCH(qint64, tokens);
    QFETCH(qint64, cost);
    QCOMPARE(qint64 {Money::fromNanos(nanos).perMillion(tokens).nanos()}, cost);
}

void tst_Values::perMillionHoldsProductsBeyond64Bits()
{
    const Money price = *Money::parse("600");
    QCOMPARE(price.perMillion(2'000'000'000'000).toDecimal(), "1200000000"s); // 6e11 * 2e12 = 1.2e24
}

void tst_Values::validUtf8StaysAsItIs_data()
{
    QTest::addColumn<std::string>("text");
    QTest::newRow("ascii") << "ping"s;
    QTest::newRow("nul") << "a\0b"s;
    QTest::newRow("two bytes, smallest") << "\xC2\x80"s;
    QTest::newRow("two bytes, largest") << "\xDF\xBF"s;
    QTest::newRow("three bytes, smallest") << "\xE0\xA0\x80"s;
    QTest::newRow("before the surrogates") << "\xED\x9F\xBF"s;
    QTest::newRow("behind the surrogates") << "\xEE\x80\x80"s;
    QTest::newRow("three bytes, largest") << "\xEF\xBF\xBF"s;
    QTest::newRow("four bytes, smallest") << "\xF0\x90\x80\x80"s;
    QTest::newRow("last code point") << "\xF4\x8F\xBF\xBF"s;
    QTest::newRow("mixed") << "Grüße, 東京 🚉"s;
}

void tst_Values::validUtf8StaysAsItIs()
{
    QFETCH(std::string, text);
    QCOMPARE(toValidUtf8(text), text);
    QCOMPARE(std::string(truncatedUtf8(text, text.size())), text);
}

void tst_Values::invalidUtf8BecomesReplacements_data()
{
    const std::string r = "\xEF\xBF\xBD";
    QTest::addColumn<std::string>("bytes");
    QTest::addColumn<std::string>("text");
    QTest::newRow("lone continuation") << "a\x80z"s << "a" + r + "z";
    QTest::newRow("overlong slash") << "\xC0\xAF"s << r + r;
    QTest::newRow("C1") << "\xC1\xBF"s << r + r;
    QTest::newRow("overlong of three") << "\xE0\x9F\xBF"s << r + r + r;
    QTest::newRow("surrogate") << "\xED\xA0\x80"s << r + r + r;
    QTest::newRow("overlong of four") << "\xF0\x8F\xBF\xBF"s << r + r + r + r;
    QTest::newRow("beyond Unicode") << "\xF4\x90\x80\x80"s << r + r + r + r;
    QTest::newRow("F5") << "\xF5\x80\x80\x80"s << r + r + r + r;
    QTest::newRow("FE and FF") << "\xFE\xFF"s << r + r;
    QTest::newRow("cut two") << "a\xC3"s << "a" + r;
    QTest::newRow("cut three") << "a\xE6\x9D"s << "a" + r + r;
    QTest::newRow("cut four, then text") << "\xF0\x9F\x9A!"s << r + r + r + "!";
    QTest::newRow("sequence broken by a new one") << "\xE6\xC3\xA4"s << r + "\xC3\xA4";
}

void tst_Values::invalidUtf8BecomesReplacements()
{
    QFETCH(std::string, bytes);
    QFETCH(std::string, text);
    QCOMPARE(toValidUtf8(bytes), text);
}

void tst_Values::truncationNeverCutsASequence()
{
    const std::string text = "aä東🚉";                                   // 1 + 2 + 3 + 4 bytes
    const std::size_t whole[] = {0, 1, 1, 3, 3, 3, 6, 6, 6, 6, 10, 10};
    for (std::size_t bytes = 0; bytes < std::size(whole); ++bytes)
        QCOMPARE(truncatedUtf8(text, bytes).size(), whole[bytes]);
    // Bytes that are no UTF-8 at all are cut near the limit, not thrown away.
    QVERIFY(truncatedUtf8(std::string(100, '\x80'), 50).size() >= 46);
}

void tst_Values::jsonQuotingEscapesControlsAndMendsBytes_data()
{
    QTest::addColumn<std::string>("text");
    QTest::addColumn<std::string>("json");
    QTest::newRow("empty") << ""s << "\"\""s;
    QTest::newRow("quote and backslash") << "a\"b\\c"s << R"("a\"b\\c")"s;
    QTest::newRow("line ends and tab") << "a\n\r\t"s << R"("a\n\r\t")"s;
    QTest::newRow("controls") << "\x01\x1f\0"s << R"("\u0001\u001f\u0000")"s;
    QTest::newRow("delete stays") << "\x7f"s << "\"\x7f\""s;
    QTest::newRow("utf-8 stays") << "ä🚉"s << "\"ä🚉\""s;
    QTest::newRow("foreign byte") << "a\xFFz"s << "\"a\xEF\xBF\xBDz\""s;
}

void tst_Values::jsonQuotingEscapesControlsAndMendsBytes()
{
    QFETCH(std::string, text);
    QFETCH(std::string, json);
    QCOMPARE(jsonQuoted(text), json);
}

void tst_Values::trimmedTakesAsciiSpaceAlone()
{
    QCOMPARE(std::string(trimmed(" \t\r\n a b \v\f")), "a b"s);
    QCOMPARE(std::string(trimmed(" \n ")), ""s);
    QCOMPARE(std::string(trimmed("")), ""s);
    QCOMPARE(std::string(trimmed("\xC2\xA0x")), "\xC2\xA0x"s); // a no-break space is text
}

void tst_Values::nearestNameFindsTyposOnly()
{
    const std::vector<std::string_view> names {"provider", "model", "team", "timeout"};
    QCOMPARE(std::string(nearestName("provder", names)), "provider"s);
    QCOMPARE(std::string(nearestName("tim", names)), ""s);
    QCOMPARE(std::string(nearestName("tem", names)), "team"s);
    QCOMPARE(std::string(nearestName("taem", names)), "team"s); // two letters swapped are one slip
    QCOMPARE(std::string(nearestName("zebra", names)), ""s);
    QCOMPARE(std::string(nearestName("x", {})), ""s);
    QVERIFY(equalsIgnoringCase("X-Api-Key", "x-api-key"));
    QVERIFY(!equalsIgnoringCase("Ä", "ä"));
}

void tst_Values::hexIsLowerCase()
{
    const std::byte bytes[] = {std::byte {0}, std::byte {0x7f}, std::byte {0xAB}};
    QCOMPARE(toHex(bytes), "007fab"s);
}

void tst_Values::callIdsSortByTime()
{
    CallIdMaker maker(1);
    std::string before;
    for (std::int64_t millis : {0LL, 1LL, 31LL, 32LL, 1'768'478'400'000LL, 1'768'478'400'001LL, (1LL << 48) - 1}) {
        const std::string id = maker.next(WallTime(std::chrono::milliseconds(millis)));
        QVERIFY2(before < id, id.c_str());
        before = id;
    }
}

void tst_Values::callIdsDifferWithinAMillisecond()
{
    CallIdMaker one(1), other(2);
    std::set<std::string> ids;
    for (int i = 0; i < 2000; ++i) {
        ids.insert(one.next(WallTime {}));
        ids.insert(other.next(WallTime {}));
    }
    QCOMPARE(ids.size(), std::size_t {4000});
}

void tst_Values::callIdsFormIsRecognised()
{
    CallIdMaker maker(7);
    const std::string id = maker.next(WallTime(std::chrono::seconds(1'768'478'400)));
    QCOMPARE(id.size(), std::size_t {31});
    QVERIFY(isCallId(id));
    QVERIFY(!isCallId(id + "0"));
    QVERIFY(!isCallId(id.substr(1)));
    QVERIFY(!isCallId("call_00000000000000000000000I00"));  // I is none of Crockford's letters
    QVERIFY(!isCallId(""));
}

void tst_Values::keyHashNeedsTheInstallationsKey()
{
    KeyHasher::Key first {}, second {};
    second[31] = std::byte {1};
    const auto digest = KeyHasher(first).hash("sb-secret");
    QVERIFY(KeyHasher::equal(digest, KeyHasher(first).hash("sb-secret")));
    QVERIFY(!KeyHasher::equal(digest, KeyHasher(second).hash("sb-secret")));
    QVERIFY(!KeyHasher::equal(digest, KeyHasher(first).hash("sb-secreT")));
    QVERIFY(!KeyHasher::equal(digest, KeyHasher(first).hash("")));
}

void tst_Values::keyHashComesBackFromHex()
{
    const KeyHasher hasher(KeyHasher::Key {});
    const std::string hex = hasher.hashHex("sb-secret");
    KeyHasher::Digest digest {};
    QVERIFY(KeyHasher::parse(hex, digest));
    QVERIFY(KeyHasher::equal(digest, hasher.hash("sb-secret")));
    QVERIFY(!KeyHasher::parse(hex.substr(2), digest));
    QVERIFY(!KeyHasher::parse("g" + hex.substr(1), digest));
    QVERIFY(!KeyHasher::parse("", digest));
}

void tst_Values::knownDigestsAreThoseOfTheHasher()
{
    const KeyHasher hasher(KeyHasher::Key {});
    KeyDigests digests(hasher);
    for (int round = 0; round < 2; ++round) {
        for (int i = 0; i < 2000; ++i) { // more than it has places for
            const std::string secret = "sb-" + std::to_string(i);
            QVERIFY(KeyHasher::equal(digests.of(secret), hasher.hash(secret)));
            QVERIFY(KeyHasher::equal(digests.of(secret), hasher.hash(secret)));
        }
        QVERIFY(KeyHasher::equal(digests.of(""), hasher.hash("")));
    }
}

void tst_Values::keySecretsAreLongAndDistinct()
{
    const std::string one = newKeySecret(), other = newKeySecret();
    QCOMPARE(one.size(), std::size_t {35});
    QVERIFY(one.starts_with("sb-"));
    QVERIFY(one != other);
}

void tst_Values::keyPrefixShowsNoMoreThanSevenLetters()
{
    QCOMPARE(keyPrefix("sb-rW2kabcdefgh"), "sb-rW2k"s);
    QCOMPARE(keyPrefix("sb"), "sb"s);
}

void tst_Values::bucketsFollowEachOther()
{
    for (std::size_t i = 1; i < LatencyBuckets::count; ++i) {
        QVERIFY(LatencyBuckets::lowerEdge(i - 1) < LatencyBuckets::lowerEdge(i));
        QCOMPARE(LatencyBuckets::index(LatencyBuckets::lowerEdge(i)), i);
        QCOMPARE(LatencyBuckets::index(LatencyBuckets::lowerEdge(i) - 1), i - 1);
    }
    QCOMPARE(LatencyBuckets::index(-5), std::size_t {0});
    QCOMPARE(LatencyBuckets::index(INT64_MAX), LatencyBuckets::count - 1);
}

void tst_Values::quantilesAreWithinSixPercent()
{
    LatencyHistogram histogram, other;
    for (std::int64_t micros = 1; micros <= 10'000; ++micros)
        (micros % 2 ? histogram : other).add(micros * 100);
    histogram.merge(other);
    QCOMPARE(histogram.total(), std::uint64_t {10'000});
    for (const double q : {0.01, 0.5, 0.95, 0.99}) {
        const double truth = q * 1'000'000;
        QVERIFY(std::abs(static_cast<double>(*histogram.quantile(q)) - truth) <= truth * 0.0625);
    }
    QVERIFY(*histogram.quantile(0) <= *histogram.quantile(1));
}

void tst_Values::histogramOfNothingHasNoQuantile()
{
    QVERIFY(!LatencyHistogram().quantile(0.5).has_value());
}

void tst_Values::everyErrorAndStatusHasAWordOfItsOwn()
{
    std::set<std::string_view> words;
    for (int code = 0; code <= static_cast<int>(ErrorCode::Internal); ++code)
        words.insert(toText(static_cast<ErrorCode>(code)));
    QCOMPARE(words.size(), static_cast<std::size_t>(ErrorCode::Internal) + 1);
    std::set<std::string_view> statuses;
    for (int status = 0; status <= static_cast<int>(CallStatus::Cancelled); ++status)
        statuses.insert(toText(static_cast<CallStatus>(status)));
    QCOMPARE(statuses.size(), std::size_t {5});
}

QTEST_APPLESS_MAIN(tst_Values)
#include "tst_values.moc"
