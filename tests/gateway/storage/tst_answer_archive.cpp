// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/storage/answer_archive.h"
#include "gateway/storage/database.h"
#include "gateway/storage/cache_schema.h"
#include "tests/support/fake_clock.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <cmath>
#include <future>
#include <map>
#include <string>
#include <thread>
#include <utility>
#include <vector>

using namespace gateway;
using namespace gateway::storage;
using namespace std::chrono_literals;

namespace {

const KeyHasher hasher(KeyHasher::Key {std::byte {5}});

AnswerKey keyOf(int number)
{
    return hasher.hash(std::to_string(number));
}

using Kept = std::vector<std::pair<AnswerKey, SharedAnswer>>;

/// A data folder with a cache in it.
struct Folder
{
    std::unique_ptr<AnswerArchive> open(ArchiveLimits limits = {})
    {
        auto archive = AnswerArchive::open({.path = path(), .limits = limits}, hasher, clock);
        if (!archive)
            qFatal("%s", archive.error().message.c_str());
        return std::move(*archive);
    }
    [[nodiscard]] std::string path() const { return folder.path().toStdString() + "/cache.db"; }

    SharedAnswer answer(const std::string &body, Duration ttl = 1h)
    {
        CachedAnswer made;
        made.body = body;
        made.stream = true;
        made.usageFrom = 3;
        made.usageTo = 9;
        made.contentType = "text/event-stream";
        made.endpoint = Endpoint::Messages;
        made.nameSpace = "drafts";
        made.team = "search \"one\"";
        made.route = "smart";
        made.provider = "openai";
        made.model = "gpt-4o";
        made.callId = "call_1";
        made.usage.input = 12;
        made.usage.output = 7;
        made.usage.estimated = true;
        made.cost = Money::fromNanos(1234);
        made.latencyUs = 840'000;
        if (!body.empty())
            made.question = KeptQuestion {.text = "How tall is \"it\"?\n", .conversation = keyOf(77), .embedder = "openai/text-embedding-3-small", .vector = {0.25F, -1.5F, 3e-7F}};
        made.storedAt = clock.wallNow();
        made.expiresAt = clock.wallNow() + std::chrono::duration_cast<std::chrono::microseconds>(ttl);
        return std::make_shared<const CachedAnswer>(std::move(made));
    }

    static Kept restore(AnswerArchive &archive)
    {
        Kept kept;
        std::promise<void> done;
        archive.restore([&](const AnswerKey &key, SharedAnswer answer) { kept.emplace_back(key, std::move(answer)); }, [&] { done.set_value(); });
        done.get_future().wait();
        return kept;
    }

    void change(std::string_view sql) const
    {
        auto database = Database::open({.path = path()}, cacheSchema());
        QVERIFY(database.has_value());
        QVERIFY((*database)->run(sql).has_value());
    }

    QTemporaryDir folder;
    tests::FakeClock clock;
};

} // namespace

class tst_AnswerArchive : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void keepsAnswersOverARestart();
    void whatWasRemovedIsGone();
    void theLatestOfAKeyIsKept();
    void whatHasExpiredIsNotRead();
    void damagedRowsArePassedOverAndTold_data();
    void damagedRowsArePassedOverAndTold();
    void aRowOfAnotherInstallationIsNotUsed();
    void aDamagedFileIsSetAside();
    void aNewerFileIsLeftAlone();
    void whatFindsNoRoomIsCounted();
    void tooManyRemovalsEmptyTheFile();
    void aLockedFileIsWrittenLater();
    void everyoneMayWriteAtOnce();
    void clearingForgetsWhatIsWrittenAndWhatWaits();
    void reviewsAreListedAndJudged();
    void onlySoManyReviewsAreKept();
};

void tst_AnswerArchive::keepsAnswersOverARestart()
{
    Folder folder;
    const SharedAnswer first = folder.answer("data: {}\n\n" + std::string(5000, 'x')), second = folder.answer("");
    {
        auto archive = folder.open();
        archive->stored(keyOf(1), first);
        archive->stored(keyOf(2), second);
    }
    auto archive = folder.open();
    const Kept kept = Folder::restore(*archive);
    QCOMPARE(kept.size(), std::size_t {2});
    const std::map<AnswerKey, SharedAnswer> byKey(kept.begin(), kept.end());
    QVERIFY(*byKey.at(keyOf(1)) == *first);
    QVERIFY(*byKey.at(keyOf(2)) == *second);
    QCOMPARE(archive->state().restored, std::uint64_t {2});
    QVERIFY(archive->state().problem.empty());
    QVERIFY(!(QFile::permissions(QString::fromStdString(folder.path())) & (QFile::ReadGroup | QFile::ReadOther)));
}

void tst_AnswerArchive::whatWasRemovedIsGone()
{
    Folder folder;
    {
        auto archive = folder.open();
        archive->stored(keyOf(1), folder.answer("a"));
        archive->stored(keyOf(2), folder.answer("b"));
        QVERIFY(archive->flush(20s));
        archive->removed(keyOf(1));
        archive->stored(keyOf(3), folder.answer("c"));
        archive->removed(keyOf(3)); // never reaches the file
    }
    auto archive = folder.open();
    const Kept kept = Folder::restore(*archive);
    QCOMPARE(kept.size(), std::size_t {1});
    QVERIFY(kept[0].first == keyOf(2));
}

void tst_AnswerArchive::theLatestOfAKeyIsKept()
{
    Folder folder;
    {
        auto archive = folder.open();
        archive->stored(keyOf(1), folder.answer("old"));
        archive->stored(keyOf(2), folder.answer("other"));
        QVERIFY(archive->flush(20s));
        archive->stored(keyOf(1), folder.answer("new"));
    }
    auto archive = folder.open();
    const Kept kept = Folder::restore(*archive);
    QCOMPARE(kept.size(), std::size_t {2});
    QCOMPARE(kept[1].second->body, std::string("new")); // those stored first come first
}

void tst_AnswerArchive::whatHasExpiredIsNotRead()
{
    Folder folder;
    {
        auto archive = folder.open();
        archive->stored(keyOf(1), folder.answer("short", 10s));
        archive->stored(keyOf(2), folder.answer("long", 10h));
    }
    folder.clock.advance(1min);
    auto archive = folder.open();
    QCOMPARE(Folder::restore(*archive).size(), std::size_t {1});
    QCOMPARE(archive->state().damaged, std::uint64_t {0});
}

void tst_AnswerArchive::damagedRowsArePassedOverAndTold_data()
{
    QTest::addColumn<QByteArray>("sql");
    QTest::newRow("body") << QByteArray("UPDATE answers SET body = x'00414243' WHERE row = 1");
    QTest::newRow("compressed body") << QByteArray("UPDATE answers SET body = x'0128b52ffd' WHERE row = 1");
    QTest::newRow("no body") << QByteArray("UPDATE answers SET body = NULL WHERE row = 1");
    QTest::newRow("key") << QByteArray("UPDATE answers SET key = x'00' WHERE row = 1");
    QTest::newRow("end") << QByteArray("UPDATE answers SET expires_us = expires_us + 1 WHERE row = 1");
    QTest::newRow("about") << QByteArray("UPDATE answers SET about = replace(about, 'search', 'billing') WHERE row = 1");
    QTest::newRow("no JSON") << QByteArray("UPDATE answers SET about = '{' WHERE row = 1");
    QTest::newRow("proof") << QByteArray("UPDATE answers SET proof = x'' WHERE row = 1");
}

void tst_AnswerArchive::damagedRowsArePassedOverAndTold()
{
    QFETCH(QByteArray, sql);
    Folder folder;
    {
        auto archive = folder.open();
        archive->stored(keyOf(1), folder.answer(std::string(1000, 'a')));
        QVERIFY(archive->flush(20s));
        archive->stored(keyOf(2), folder.answer("b"));
    }
    folder.change(sql.toStdString());
    {
        auto archive = folder.open();
        const Kept kept = Folder::restore(*archive);
        QCOMPARE(kept.size(), std::size_t {1});
        QVERIFY(kept[0].first == keyOf(2));
        QCOMPARE(archive->state().damaged, std::uint64_t {1});
        QVERIFY(archive->state().problem.find("1 of the kept answers") != std::string::npos);
    }
    auto archive = folder.open();
    QCOMPARE(Folder::restore(*archive).size(), std::size_t {1});
    QCOMPARE(archive->state().damaged, std::uint64_t {0}); // it was taken out
}

void tst_AnswerArchive::aRowOfAnotherInstallationIsNotUsed()
{
    Folder folder;
    folder.open()->stored(keyOf(1), folder.answer("a"));
    const KeyHasher another(KeyHasher::Key {std::byte {6}});
    auto archive = AnswerArchive::open({.path = folder.path()}, another, folder.clock);
    QVERIFY(archive.has_value());
    QCOMPARE(Folder::restore(**archive).size(), std::size_t {0});
    QCOMPARE((*archive)->state().damaged, std::uint64_t {1});
}

void tst_AnswerArchive::aDamagedFileIsSetAside()
{
    Folder folder;
    {
        QFile file(QString::fromStdString(folder.path()));
        QVERIFY(file.open(QFile::WriteOnly));
        file.write(QByteArray(4096, 'x'));
    }
    {
        auto archive = folder.open();
        QVERIFY(archive->state().problem.find("set aside") != std::string::npos);
        QVERIFY(QFile::exists(QString::fromStdString(folder.path() + ".damaged")));
        archive->stored(keyOf(1), folder.answer("a"));
    }
    auto archive = folder.open();
    QCOMPARE(Folder::restore(*archive).size(), std::size_t {1});
}

void tst_AnswerArchive::aNewerFileIsLeftAlone()
{
    Folder folder;
    folder.open().reset();
    folder.change("PRAGMA user_version = 99");
    const auto archive = AnswerArchive::open({.path = folder.path()}, hasher, folder.clock);
    QVERIFY(!archive.has_value());
    QCOMPARE(archive.error().code, ErrorCode::NotSupported);
}

void tst_AnswerArchive::whatFindsNoRoomIsCounted()
{
    Folder folder;
    {
        auto archive = folder.open({.rows = 3, .flush = 1h});
        for (int i = 0; i < 5; ++i)
            archive->stored(keyOf(i), folder.answer("a"));
        QCOMPARE(archive->state().notKept, std::uint64_t {2});
        QVERIFY(archive->flush(20s));
        archive->stored(keyOf(9), folder.answer("b"));
    }
    auto archive = folder.open();
    QCOMPARE(Folder::restore(*archive).size(), std::size_t {4});
}

/// Nothing that was purged comes back.
void tst_AnswerArchive::tooManyRemovalsEmptyTheFile()
{
    Folder folder;
    {
        auto archive = folder.open({.removals = 10, .flush = 1h});
        for (int i = 0; i < 30; ++i)
            archive->stored(keyOf(i), folder.answer("a"));
        QVERIFY(archive->flush(20s));
        for (int i = 0; i < 20; ++i)
            archive->removed(keyOf(i));
        archive->stored(keyOf(50), folder.answer("b"));
    }
    auto archive = folder.open();
    for (const auto &kept : Folder::restore(*archive)) {
        for (int i = 0; i < 20; ++i)
            QVERIFY(kept.first != keyOf(i));
    }
}

void tst_AnswerArchive::aLockedFileIsWrittenLater()
{
    Folder folder;
    {
        auto archive = folder.open({.retryMax = 50ms});
        {
            auto other = Database::open({.path = folder.path()}, cacheSchema());
            QVERIFY(other.has_value());
            QVERIFY((*other)->begin().has_value());
            archive->stored(keyOf(1), folder.answer("a"));
            QVERIFY(!archive->flush(300ms));
            QTRY_VERIFY_WITH_TIMEOUT(archive->state().problem.find("locked") != std::string::npos, 20'000);
        }
        QVERIFY(archive->flush(20s));
        QVERIFY(archive->state().problem.empty());
    }
    auto archive = folder.open();
    QCOMPARE(Folder::restore(*archive).size(), std::size_t {1});
}

void tst_AnswerArchive::everyoneMayWriteAtOnce()
{
    Folder folder;
    const SharedAnswer answer = folder.answer("a");
    {
        auto archive = folder.open({.flush = 1ms});
        std::vector<std::jthread> threads;
        for (int thread = 0; thread < 4; ++thread) {
            threads.emplace_back([&, thread] {
                for (int i = 0; i < 500; ++i) {
                    archive->stored(keyOf(thread * 500 + i), answer);
                    if (i % 2 == 0)
                        archive->removed(keyOf(thread * 500 + i));
                }
            });
        }
        threads.clear();
        QVERIFY(archive->flush(60s));
    }
    auto archive = folder.open();
    QCOMPARE(Folder::restore(*archive).size(), std::size_t {1000});
}

void tst_AnswerArchive::clearingForgetsWhatIsWrittenAndWhatWaits()
{
    Folder folder;
    {
        auto archive = folder.open();
        archive->stored(keyOf(1), folder.answer("one"));
        QVERIFY(archive->flush(5s));
        archive->stored(keyOf(2), folder.answer("two"));
        archive->clear();
        archive->stored(keyOf(3), folder.answer("three"));
    }
    auto archive = folder.open();
    const Kept kept = Folder::restore(*archive);
    QCOMPARE(kept.size(), std::size_t(1));
    QVERIFY(kept.front().first == keyOf(3));
}

namespace {

SemanticHit hitAt(double similarity, const std::string &route = "smart")
{
    return {.at = WallTime(std::chrono::seconds(1'770'000'000)), .callId = "call_2", .answerFrom = "call_1", .team = "search", .route = route, .embedder = "lexical", .similarity = similarity,
            .threshold = 0.8, .asked = "How \"tall\"?", .kept = "How high?"};
}

ReviewPage pageOf(AnswerArchive &archive, const ReviewQuery &query = {})
{
    std::promise<Result<ReviewPage>> answer;
    archive.reviews(query, [&](Result<ReviewPage> page) { answer.set_value(std::move(page)); });
    return answer.get_future().get().value();
}

Result<SemanticHit> judged(AnswerArchive &archive, std::int64_t row, Verdict verdict)
{
    std::promise<Result<SemanticHit>> answer;
    archive.judge(row, verdict, [&](Result<SemanticHit> hit) { answer.set_value(std::move(hit)); });
    return answer.get_future().get();
}

} // namespace

void tst_AnswerArchive::reviewsAreListedAndJudged()
{
    Folder folder;
    {
        auto archive = folder.open();
        for (const double similarity : {0.85, 0.9, 0.95})
            archive->addReview(hitAt(similarity));
        archive->addReview(hitAt(0.99, "other"));
        const ReviewPage all = pageOf(*archive);
        QCOMPARE(all.hits.size(), std::size_t(4));
        SemanticHit wanted = hitAt(0.95);
        wanted.row = all.hits[1].row;
        QVERIFY(all.hits[1] == wanted);
        QVERIFY(judged(*archive, all.hits[1].row, Verdict::Right)->verdict == Verdict::Right);
        QVERIFY(judged(*archive, all.hits[2].row, Verdict::Right).has_value());
        QVERIFY(judged(*archive, all.hits[3].row, Verdict::Wrong).has_value());
        QCOMPARE(judged(*archive, 4711, Verdict::Wrong).error().code, ErrorCode::NotFound);
    }
    auto archive = folder.open(); // kept over a restart
    const ReviewPage first = pageOf(*archive, {.route = "smart", .limit = 2});
    QCOMPARE(first.hits.size(), std::size_t(2));
    QVERIFY(first.more);
    const ReviewPage rest = pageOf(*archive, {.route = "smart", .before = first.hits.back().row, .limit = 2});
    QCOMPARE(rest.hits.size(), std::size_t(1));
    QVERIFY(!rest.more);
    QCOMPARE(pageOf(*archive, {.verdict = Verdict::Open}).hits.size(), std::size_t(1));
    QCOMPARE(pageOf(*archive, {.verdict = Verdict::Wrong}).hits.front().similarity, 0.85);
    const auto rateAt = [&](double threshold) {
        for (const ThresholdRate &rate : first.rates) {
            if (std::abs(rate.threshold - threshold) < 1e-9)
                return rate;
        }
        return ThresholdRate {};
    };
    QVERIFY(rateAt(0.80) == (ThresholdRate {.threshold = 0.80, .judged = 3, .wrong = 1}));
    QVERIFY(rateAt(0.90) == (ThresholdRate {.threshold = 0.90, .judged = 2, .wrong = 0}));
    QVERIFY(rateAt(0.96) == (ThresholdRate {.threshold = 0.96, .judged = 0, .wrong = 0}));
}

void tst_AnswerArchive::onlySoManyReviewsAreKept()
{
    Folder folder;
    auto archive = folder.open();
    archive->addReview(hitAt(0.9));
    QCOMPARE(pageOf(*archive).hits.size(), std::size_t(1));
    folder.change("UPDATE sqlite_sequence SET seq = 30000 WHERE name = 'reviews'");
    archive->addReview(hitAt(0.91));
    const ReviewPage page = pageOf(*archive);
    QCOMPARE(page.hits.size(), std::size_t(1));
    QCOMPARE(page.hits.front().similarity, 0.91);
}

QTEST_GUILESS_MAIN(tst_AnswerArchive)
#include "tst_answer_archive.moc"
