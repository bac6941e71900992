// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/state/key_attempts.h"

#include <QTest>

#include <memory>

using namespace gateway;
using namespace gateway::state;
using namespace std::chrono_literals;

/// Who guesses keys is slowed down, who has one is not.
class tst_KeyAttempts : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { m_attempts = std::make_unique<KeyAttempts>(); }

    void whoGuessesIsSlowedForAMinute();
    void aKeyThatWasRightGoesOn();
    void oneWrongKeyOverAndOverIsNoGuessing();
    void networksCountForThemselves();
    void manyNetworksAreBounded();

private:
    static KeyHasher::Digest digest(int number) { return KeyHasher(KeyHasher::Key {}).hash("key-" + std::to_string(number)); }
    void guess(const char *peer, int count)
    {
        for (int i = 0; i < count; ++i)
            m_attempts->wrong(peer, digest(i), m_now);
    }

    std::unique_ptr<KeyAttempts> m_attempts;
    SteadyTime m_now {1h};
};

void tst_KeyAttempts::whoGuessesIsSlowedForAMinute()
{
    guess("192.0.2.1", KeyAttempts::wrongOnes - 1);
    QVERIFY(!m_attempts->isSlowed("192.0.2.1", digest(-1), m_now));
    m_attempts->wrong("192.0.2.1", digest(1000), m_now);
    QVERIFY(m_attempts->isSlowed("192.0.2.1", digest(-1), m_now)); // a right one too, if it is new there
    QVERIFY(m_attempts->isSlowed("192.0.2.1", digest(-1), m_now + KeyAttempts::slowFor - 1ns));
    QVERIFY(!m_attempts->isSlowed("192.0.2.1", digest(-1), m_now + KeyAttempts::slowFor));
    m_now += KeyAttempts::slowFor;
    guess("192.0.2.1", 1);
    QVERIFY(!m_attempts->isSlowed("192.0.2.1", digest(-1), m_now)); // it counts anew
}

void tst_KeyAttempts::aKeyThatWasRightGoesOn()
{
    m_attempts->right("192.0.2.1", digest(-1));
    guess("192.0.2.1", KeyAttempts::wrongOnes);
    QVERIFY(!m_attempts->isSlowed("192.0.2.1", digest(-1), m_now));
    QVERIFY(m_attempts->isSlowed("192.0.2.1", digest(-2), m_now));
    guess("192.0.2.2", KeyAttempts::wrongOnes);
    QVERIFY(m_attempts->isSlowed("192.0.2.2", digest(-1), m_now)); // right elsewhere helps nobody who guesses here
}

void tst_KeyAttempts::oneWrongKeyOverAndOverIsNoGuessing()
{
    for (int i = 0; i < 10 * KeyAttempts::wrongOnes; ++i)
        m_attempts->wrong("192.0.2.1", digest(7), m_now);
    QVERIFY(!m_attempts->isSlowed("192.0.2.1", digest(-1), m_now));
}

void tst_KeyAttempts::networksCountForThemselves()
{
    for (int i = 0; i < KeyAttempts::wrongOnes; ++i) // a host has a whole /64 to choose from
        m_attempts->wrong("2001:db8:1:2::" + QString::number(i, 16).toStdString(), digest(i), m_now);
    QVERIFY(m_attempts->isSlowed("2001:db8:1:2::ffff", digest(-1), m_now));
    QVERIFY(!m_attempts->isSlowed("2001:db8:1:3::1", digest(-1), m_now));
    QVERIFY(!m_attempts->isSlowed("192.0.2.1", digest(-1), m_now));
}

void tst_KeyAttempts::manyNetworksAreBounded()
{
    const auto address = [](int i) { return "10." + std::to_string(i >> 16) + '.' + std::to_string((i >> 8) & 255) + '.' + std::to_string(i & 255); };
    for (int i = 0; i < static_cast<int>(KeyAttempts::mostNetworks) + KeyAttempts::wrongOnes; ++i)
        m_attempts->wrong(address(i), digest(i), m_now);
    QVERIFY(m_attempts->isSlowed("203.0.113.9", digest(-1), m_now)); // those beyond are one
    QVERIFY(!m_attempts->isSlowed(address(1), digest(-1), m_now));
    m_now += KeyAttempts::slowFor;
    m_attempts->wrong("203.0.113.9", digest(0), m_now); // the others are over
    QVERIFY(!m_attempts->isSlowed("203.0.113.9", digest(-1), m_now));
}

QTEST_APPLESS_MAIN(tst_KeyAttempts)
#include "tst_key_attempts.moc"
