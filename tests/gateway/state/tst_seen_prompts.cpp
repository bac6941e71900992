// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/state/seen_prompts.h"

#include <QTest>

#include <memory>
#include <thread>
#include <vector>

using namespace std::chrono_literals;
using gateway::SteadyTime;
using gateway::state::SeenPrompts;

class tst_SeenPrompts : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void keepsTheFirst()
    {
        SeenPrompts seen;
        QVERIFY(!seen.isKnown(1, 7, m_start));
        QCOMPARE(seen.findOrPut(1, 7, m_start, 5min), 7U);
        QCOMPARE(seen.findOrPut(1, 8, m_start + 1s, 5min), 7U);
        QVERIFY(seen.isKnown(1, 8, m_start + 1s));
        QVERIFY(!seen.isKnown(1, 7, m_start + 1s)); // who kept it knows it, but nobody else did
        seen.put(1, 9, m_start, 5min);
        QCOMPARE(seen.findOrPut(1, 8, m_start, 5min), 9U);
    }

    void forgetsInTime()
    {
        SeenPrompts seen;
        QCOMPARE(seen.findOrPut(1, 7, m_start, 5min), 7U);
        QCOMPARE(seen.findOrPut(1, 8, m_start + 4min, 5min), 7U); // which keeps it longer
        QVERIFY(seen.isKnown(1, 8, m_start + 8min));
        QVERIFY(!seen.isKnown(1, 8, m_start + 9min));
        QCOMPARE(seen.findOrPut(1, 8, m_start + 9min, 5min), 8U);
    }

    /// However many there are: the newest are known, and it grows no further.
    void staysSmall()
    {
        const auto seen = std::make_unique<SeenPrompts>();
        constexpr std::uint64_t many = 4 * SeenPrompts::shardCount * SeenPrompts::setsAShard * SeenPrompts::setSize;
        for (std::uint64_t key = 1; key <= many; ++key)
            seen->put(key, 1, m_start + std::chrono::microseconds(key), 5min);
        std::uint64_t known = 0;
        for (std::uint64_t key = 1; key <= many; ++key)
            known += seen->isKnown(key, 0, m_start + 1min);
        QCOMPARE(known, many / 4);
        QVERIFY(seen->isKnown(many, 0, m_start + 1min) && !seen->isKnown(1, 0, m_start + 1min));
    }

    void isForAllThreads()
    {
        SeenPrompts seen;
        std::vector<std::jthread> threads;
        std::array<std::uint64_t, 4> got {};
        for (std::size_t i = 0; i < got.size(); ++i)
            threads.emplace_back([&, i] {
                for (std::uint64_t key = 0; key < 10'000; ++key)
                    got[i] += seen.findOrPut(key, i + 1, m_start, 5min);
            });
        threads.clear();
        QVERIFY(got[0] == got[1] && got[1] == got[2] && got[2] == got[3]); // all saw the same winners
    }

private:
    const SteadyTime m_start {1h};
};

QTEST_APPLESS_MAIN(tst_SeenPrompts)
#include "tst_seen_prompts.moc"
