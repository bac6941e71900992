// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/storage/body_codec.h"
#include "gateway/storage/database.h"
#include "gateway/storage/schemas.h"
#include "tests/support/temp_store.h"

#include <QTest>

#include <algorithm>
#include <random>

using namespace gateway;
using namespace gateway::storage;
using namespace std::chrono_literals;

namespace {

std::string secretOf(int i)
{
    return "order " + std::to_string(1'000'003 + i * 7919) + " of Mr. Nobody-" + std::to_string(i * 104'729);
}

/// Requests much alike in form; each is about something of its own.
std::string request(std::mt19937 &random, int i)
{
    std::string text = R"({"model":"gpt-4o","messages":[{"role":"system","content":"You are a helpful assistant of the support team. Answer shortly, and never invent an order number."},{"role":"user","content":")";
    for (int word = 0; word < 40; ++word)
        text += std::to_string(random() % 100'000) + " ";
    return text + secretOf(i) + R"("}],"temperature":0.2,"stream":true,"stream_options":{"include_usage":true}})";
}

std::vector<std::string> requests(int count)
{
    std::mt19937 random(11);
    std::vector<std::string> all;
    for (int i = 0; i < count; ++i)
        all.push_back(request(random, i));
    return all;
}

std::int64_t numberIn(const std::string &path, std::string_view sql)
{
    auto database = Database::open({.path = path, .access = Access::ReadOnly}, callLogSchema());
    return database ? (*database)->number(sql).value_or(-1) : -1;
}

} // namespace

class tst_BodyDictionary : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void makesBodiesSmallerAndGivesThemBack();
    void holdsWhatManyShareAndNothingOfOne();
    void isNotMadeOfWhatHasNothingInCommon();
    void tellsMissingAndDamagedOnes();
    void ofOneConversationOneBodyIsTaken();
    void writerMakesOneAndEveryBodyStaysReadable();
};

void tst_BodyDictionary::makesBodiesSmallerAndGivesThemBack()
{
    const std::vector<std::string> bodies = requests(600);
    const QByteArray dictionary = makeDictionary({bodies.begin(), bodies.begin() + 400});
    QVERIFY(!dictionary.isEmpty());
    BodyCodec writer;
    BodyCodec reader([&](std::int64_t number) -> Result<QByteArray> { return number == 7 ? Result<QByteArray>(dictionary) : fail(ErrorCode::Invalid, "no"); });
    qsizetype without = 0;
    qsizetype with = 0;
    for (std::size_t i = 400; i < bodies.size(); ++i)
        without += writer.packed(bodies[i], BodyKind::Request).size();
    writer.use(BodyKind::Request, 7, dictionary);
    for (std::size_t i = 400; i < bodies.size(); ++i) {
        const QByteArray packed = writer.packed(bodies[i], BodyKind::Request);
        with += packed.size();
        QCOMPARE(reader.unpacked(packed).value_or("?"), bodies[i]);
        QCOMPARE(reader.unpacked(writer.packed(bodies[i], BodyKind::Answer)).value_or("?"), bodies[i]); // another kind has none
    }
    QVERIFY2(with < without * 8 / 10, qPrintable(QString::number(with) + QLatin1String(" of ") + QString::number(without)));
    for (const std::string &odd : {std::string(), std::string("short"), std::string(200, 'x'), std::string(300'000, 'y')})
        QCOMPARE(reader.unpacked(writer.packed(odd, BodyKind::Request)).value_or("?"), odd);
}

void tst_BodyDictionary::holdsWhatManyShareAndNothingOfOne()
{
    const QByteArray dictionary = makeDictionary(requests(400));
    QVERIFY(dictionary.contains("You are a helpful assistant of the support team."));
    for (int i = 0; i < 400; ++i) {
        const std::string secret = secretOf(i);
        QVERIFY2(!dictionary.contains(secret.c_str()), secret.c_str());
        QVERIFY(!dictionary.contains(std::to_string(1'000'003 + i * 7919).c_str()));
    }
}

void tst_BodyDictionary::isNotMadeOfWhatHasNothingInCommon()
{
    std::mt19937_64 random(3);
    std::vector<std::string> bodies;
    for (int i = 0; i < 400; ++i) {
        bodies.emplace_back();
        while (bodies.back().size() < 1000)
            bodies.back() += std::to_string(random());
    }
    QVERIFY(makeDictionary(bodies).isEmpty());
    QVERIFY(makeDictionary(std::vector<std::string>(400, std::string(500, 'a') + "the same")).size() < 20'000); // whichever it is, it ends
    QVERIFY(makeDictionary({}).isEmpty());
}

void tst_BodyDictionary::tellsMissingAndDamagedOnes()
{
    const std::vector<std::string> bodies = requests(401);
    BodyCodec writer;
    writer.use(BodyKind::Sent, 3, makeDictionary({bodies.begin(), bodies.begin() + 400}));
    const QByteArray packed = writer.packed(bodies.back(), BodyKind::Sent);
    QCOMPARE(packed.front(), '\2');
    QCOMPARE(BodyCodec().unpacked(packed).error().code, ErrorCode::Invalid);
    BodyCodec wrong([](std::int64_t) -> Result<QByteArray> { return QByteArray("not the one that it was packed by, but long enough for a dictionary"); });
    const auto back = wrong.unpacked(packed);
    QVERIFY(!back || *back != bodies.back());
    for (qsizetype cut = 0; cut < packed.size(); cut += 13)
        static_cast<void>(BodyCodec([](std::int64_t) -> Result<QByteArray> { return QByteArray(500, 'x'); }).unpacked(packed.left(cut)));
}

void tst_BodyDictionary::ofOneConversationOneBodyIsTaken()
{
    const std::vector<std::string> bodies = requests(400);
    DictionaryMaker maker;
    for (int i = 0; i < 2000; ++i)
        maker.offer(bodies[static_cast<std::size_t>(i % 400)], "key", "one session", std::int64_t {i} * 10'000'000);
    QVERIFY(!maker.take());
    for (int i = 0; i < 2000; ++i)
        maker.offer(bodies[static_cast<std::size_t>(i % 400)], "key", {}, std::int64_t {i} * 1000); // of two seconds
    QVERIFY(!maker.take());
    for (int i = 0; i < 400; ++i)
        maker.offer(bodies[static_cast<std::size_t>(i)], "key", {}, std::int64_t {i} * 2'000'000);
    std::optional<QByteArray> made;
    QTRY_VERIFY_WITH_TIMEOUT(made || (made = maker.take()), 20000);
    QVERIFY(!made->isEmpty());
}

void tst_BodyDictionary::writerMakesOneAndEveryBodyStaysReadable()
{
    tests::TempStore store;
    std::mt19937 random(5);
    std::vector<CallRecord> records;
    const auto add = [&](int count) {
        std::vector<CallRecord> some;
        for (int i = 0; i < count; ++i) {
            CallRecord &record = some.emplace_back(tests::sampleCall(store.clock().wallNow() - 20h + std::chrono::seconds(records.size() + some.size())));
            record.bodies.request = request(random, static_cast<int>(records.size()) + i);
            record.bodies.answer = "answer " + std::to_string(i);
        }
        store.store(some);
        std::ranges::copy(some, std::back_inserter(records));
    };
    add(500);
    QTRY_VERIFY_WITH_TIMEOUT((add(1), numberIn(store.callsPath(), "SELECT count(*) FROM dictionaries") == 1), 20000);
    add(50);
    QVERIFY(numberIn(store.callsPath(), "SELECT count(*) FROM bodies WHERE hex(substr(request, 1, 1)) = '02'") >= 50);
    QVERIFY(numberIn(store.callsPath(), "SELECT count(*) FROM bodies WHERE hex(substr(request, 1, 1)) = '01'") >= 400);
    store.closeWriter();
    add(20); // by the dictionary that is stored
    QCOMPARE(numberIn(store.callsPath(), "SELECT count(*) FROM dictionaries"), 1);
    for (const CallRecord &record : records)
        QCOMPARE(store.reader().call(record.id)->record.bodies.request, record.bodies.request);
    const auto stored = store.reader().storedAfter(static_cast<std::uint64_t>(records.size()) - 10, 100, true);
    QVERIFY(stored);
    QCOMPARE(stored->size(), 10U);
    QCOMPARE(stored->back().record.bodies.request, records.back().bodies.request);
}

QTEST_GUILESS_MAIN(tst_BodyDictionary)
#include "tst_body_dictionary.moc"
