// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/storage/row_batch.h"

#include <QTemporaryDir>
#include <QTest>

#include <array>

using namespace gateway;
using namespace gateway::storage;

namespace {

constexpr std::array<std::string_view, 1> things {"CREATE TABLE things (number INTEGER NOT NULL UNIQUE, name TEXT, bytes BLOB)"};
constexpr std::array<Migration, 1> steps {Migration {.version = 1, .statements = things}};
constexpr Schema schema {.what = "test store", .applicationId = 0x1234, .migrations = steps};

} // namespace

class tst_RowBatch : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void writesRowsInTheirOrder();
    void keepsNullEmptyAndOddValues();
    void writesMoreThanOneFill();
    void failsAsAWholeAndForgets();
    void goesAwayBeforeItsDatabase();

private:
    [[nodiscard]] std::int64_t number(std::string_view sql) const
    {
        const auto found = m_database->number(sql);
        return found ? *found : -1;
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<Database> m_database;
    std::unique_ptr<RowBatch> m_batch;
};

void tst_RowBatch::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    auto database = Database::open({.path = m_folder->path().toStdString() + "/things.db"}, schema);
    QVERIFY(database);
    m_database = std::move(*database);
    auto batch = RowBatch::make(*m_database, "things", "number, name, bytes");
    QVERIFY2(batch, batch ? "" : batch.error().message.c_str());
    m_batch = std::move(*batch);
}

void tst_RowBatch::cleanup()
{
    m_batch.reset();
    m_database.reset();
}

void tst_RowBatch::writesRowsInTheirOrder()
{
    QVERIFY(m_batch->write()); // nothing
    m_batch->add(std::int64_t {7}).addTextOrNull("seven").addBlob(QByteArray("\0\1", 2));
    m_batch->add(std::int64_t {5}).addTextOrNull("five").addBlob(QByteArray("x"));
    QVERIFY(m_batch->write());
    QCOMPARE(number("SELECT count(*) FROM things"), 2);
    QCOMPARE(number("SELECT number FROM things ORDER BY rowid"), 7);
    QCOMPARE(number("SELECT rowid FROM things WHERE name = 'five' AND bytes = x'78' AND typeof(bytes) = 'blob'"), 2);
    QCOMPARE(number("SELECT number FROM things WHERE name = 'seven' AND bytes = x'0001'"), 7);
    QVERIFY(m_batch->write()); // they are not written again
    QCOMPARE(number("SELECT count(*) FROM things"), 2);
}

void tst_RowBatch::keepsNullEmptyAndOddValues()
{
    m_batch->add(std::numeric_limits<std::int64_t>::min()).addTextOrNull("").addBlob({});
    m_batch->add(std::optional<std::int64_t>(3)).addTextOrNull("caf\xc3\xa9 \xff!").addNull();
    QVERIFY(m_batch->write());
    QCOMPARE(number("SELECT count(*) FROM things WHERE number = -9223372036854775808 AND name IS NULL AND typeof(bytes) = 'blob' AND length(bytes) = 0"), 1);
    QCOMPARE(number("SELECT count(*) FROM things WHERE number = 3 AND name = 'café \xef\xbf\xbd!' AND bytes IS NULL"), 1);
}

void tst_RowBatch::writesMoreThanOneFill()
{
    std::int64_t row = 0;
    for (int fill = 0; fill < 3; ++fill) {
        while (!m_batch->full())
            m_batch->add(++row).addTextOrNull(std::string_view("same")).addBlob(QByteArray::number(static_cast<qlonglong>(row)));
        QVERIFY(m_batch->write());
        QVERIFY(!m_batch->full());
    }
    QCOMPARE(number("SELECT count(*) FROM things WHERE CAST(bytes AS TEXT) = CAST(number AS TEXT)"), row);
}

void tst_RowBatch::failsAsAWholeAndForgets()
{
    m_batch->add(std::int64_t {1}).addNull().addNull();
    m_batch->add(std::int64_t {1}).addNull().addNull();
    const auto written = m_batch->write();
    QVERIFY(!written);
    QCOMPARE(written.error().code, ErrorCode::Conflict);
    QCOMPARE(number("SELECT count(*) FROM things"), 0);

    m_batch->add(std::int64_t {2}).addNull().addNull();
    QVERIFY(m_batch->write());
    m_batch->add(std::int64_t {3}).addNull().addNull();
    m_batch->forget();
    QVERIFY(m_batch->write());
    QCOMPARE(number("SELECT group_concat(number) FROM things"), 2);
}

void tst_RowBatch::goesAwayBeforeItsDatabase()
{
    m_batch.reset();
    QVERIFY(!m_database->prepare("SELECT * FROM batch_of_things"));
    QVERIFY(RowBatch::make(*m_database, "things", "number, name, bytes"));
    QVERIFY(!RowBatch::make(*m_database, "things", "number, colour"));
}

QTEST_GUILESS_MAIN(tst_RowBatch)
#include "tst_row_batch.moc"
