// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/api/response_homes.h"
#include "tests/support/temp_store.h"

#include <QTest>

#include <future>
#include <string>
#include <vector>

using namespace gateway;
using namespace gateway::api;
using namespace std::chrono_literals;

namespace {

KeyHasher::Digest keyOf(char c)
{
    KeyHasher::Digest digest {};
    digest.fill(std::byte(c));
    return digest;
}

/// "nothing came": nobody answered.
std::vector<std::string> found(ResponseHomes &homes, std::vector<KeyHasher::Digest> keys)
{
    auto promise = std::make_shared<std::promise<std::vector<std::string>>>();
    auto future = promise->get_future();
    homes.find(std::move(keys), {}, [promise](std::vector<std::string> values) { promise->set_value(std::move(values)); });
    return future.wait_for(5s) == std::future_status::ready ? future.get() : std::vector<std::string> {"nothing came"};
}

} // namespace

/// Where responses are, over a restart.
class tst_ResponseHomes : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void knowsAtOnceWhatWasPut();
    void knowsAfterARestartWhatWasRecorded();
    void forgetsWhatWasRemoved();
};

void tst_ResponseHomes::knowsAtOnceWhatWasPut()
{
    tests::TempStore store;
    store.writer();
    ResponseHomes homes(store.callsPath(), store.clock());
    homes.put(keyOf('a'), "one", {});
    bool atOnce = false;
    homes.find({keyOf('a')}, {}, [&atOnce](std::vector<std::string> values) { atOnce = values == std::vector<std::string> {"one"}; });
    QVERIFY(atOnce);
    QCOMPARE(found(homes, {keyOf('b')}), std::vector<std::string> {""});
}

void tst_ResponseHomes::knowsAfterARestartWhatWasRecorded()
{
    tests::TempStore store;
    const WallTime now = store.clock().wallNow();
    CallRecord call = tests::sampleCall(now);
    call.keepsakes = {{.key = keyOf('a'), .value = "one", .until = now + 24h}, {.key = keyOf('b'), .value = "two", .until = now - 1h}};
    store.store({call});
    ResponseHomes homes(store.callsPath(), store.clock());
    QCOMPARE(found(homes, {keyOf('a'), keyOf('b')}), (std::vector<std::string> {"one", ""}));
    homes.put(keyOf('c'), "three", {}); // of which the file knows nothing yet
    QCOMPARE(found(homes, {keyOf('c'), keyOf('a')}), (std::vector<std::string> {"three", "one"}));
}

void tst_ResponseHomes::forgetsWhatWasRemoved()
{
    tests::TempStore store;
    store.writer();
    ResponseHomes homes(store.callsPath(), store.clock());
    homes.put(keyOf('a'), "one", {});
    homes.remove(keyOf('a'));
    QCOMPARE(found(homes, {keyOf('a')}), std::vector<std::string> {""});
}

QTEST_GUILESS_MAIN(tst_ResponseHomes)
#include "tst_response_homes.moc"
