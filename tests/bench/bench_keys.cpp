// SPDX-License-Identifier: GPL-3.0-or-later
// What virtual keys cost where there are many: the start of a gateway that has them (stores, configuration, listener), and
// knowing one of them again, as each call wants it. Prints medians with the least and the most, and what is wanted.
#include "gateway/admin/rule_json.h"
#include "gateway/api/embedded_gateway.h"
#include "gateway/core/key_digests.h"
#include "gateway/pipeline/compiled_config.h"

#include <QCoreApplication>
#include <QTemporaryDir>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <optional>
#include <string>
#include <vector>

using namespace gateway;

namespace {

constexpr int many = 100'000;
constexpr int rounds = 7;

std::string secretOf(int number)
{
    return "sb-many-keys-" + std::to_string(number) + "-0123456789";
}

/// @param work  what it returns is destroyed once the time is taken
template <typename Work>
void measure(const char *name, const char *unit, double perUnit, const char *wanted, const Work &work)
{
    std::vector<double> times;
    for (int round = 0; round < rounds; ++round) {
        const auto from = std::chrono::steady_clock::now();
        [[maybe_unused]] const auto result = work();
        times.push_back(std::chrono::duration<double>(std::chrono::steady_clock::now() - from).count() * perUnit);
    }
    std::ranges::sort(times);
    std::printf("%-44s %8.1f %s  (%.1f to %.1f), wanted: %s\n", name, times[rounds / 2], unit, times.front(), times.back(), wanted);
}

std::unique_ptr<api::EmbeddedGateway> opened(const QTemporaryDir &folder)
{
    auto gateway = api::EmbeddedGateway::open({.dataFolder = folder.path().toStdString(), .listen = "127.0.0.1:0", .workers = 2});
    if (!gateway)
        qFatal("%s", gateway.error().message.c_str());
    return std::move(*gateway);
}

void fill(const QTemporaryDir &folder)
{
    const auto gateway = opened(folder);
    config::Config next = *gateway->config();
    for (int i = 0; i < 50; ++i)
        next.teams.push_back({.id = {}, .name = "team-" + std::to_string(i)});
    for (int i = 0; i < many; ++i) {
        config::VirtualKey key;
        key.name = "key-" + std::to_string(i);
        key.team = "team-" + std::to_string(i % 50);
        key.secret.value = secretOf(i);
        key.quota.limits = {{.rpm = 1000}};
        next.keys.push_back(std::move(key));
    }
    std::optional<bool> applied;
    gateway->apply(std::move(next), gateway->revision().number, "many keys", gateway.get(), [&](const api::ApplyOutcome &outcome) { applied = outcome.applied; });
    while (!applied)
        QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
    if (!*applied)
        qFatal("the keys were not taken");
}

void measureLookUp(int keys)
{
    const KeyHasher hasher(KeyHasher::Key {});
    pipeline::CompiledConfig compiled;
    for (int i = 0; i < keys; ++i) {
        pipeline::CompiledKey key;
        key.name = "key-" + std::to_string(i);
        key.digest = hasher.hash(secretOf(i));
        const auto digest = key.digest;
        compiled.keys.try_emplace(digest, std::move(key));
    }
    constexpr int callers = 10, calls = 200'000;
    KeyDigests digests(hasher);
    std::vector<std::string> secrets;
    for (int i = 0; i < callers; ++i)
        secrets.push_back(secretOf(i * keys / callers));
    const std::string name = "knowing a key among " + std::to_string(keys);
    std::size_t found = 0;
    measure(name.c_str(), "ns", 1e9 / calls, "as among ten", [&] {
        for (int call = 0; call < calls; ++call)
            found += compiled.findKey(digests.of(secrets[static_cast<std::size_t>(call % callers)])) != nullptr ? 1 : 0;
        return found;
    });
    if (found != std::size_t {calls} * rounds)
        qFatal("a key was not found");
}

/// The last page of their limits, as the admin API answers it.
void measurePages(const api::Gateway &gateway)
{
    constexpr std::size_t most = 100;
    admin::RuleIndexes indexes;
    const auto page = [&](const admin::RuleFilter &filter) {
        const auto found = indexes.of<config::Limit>(gateway.config()).page(filter, most);
        return admin::rulesJson(found.rules, gateway.revision().number, gateway).size();
    };
    measure("a page of limits, the first", "ms", 1e3, "as any", [&] { return page({.scope = ScopeKind::Key}); });
    const admin::RulePlace late {.scope = ScopeKind::Key, .name = "key-99800"};
    measure("a page of limits, near the end", "ms", 1e3, "as the first", [&] { return page({.scope = ScopeKind::Key, .after = late}); });
}

} // namespace

int main(int argc, char **argv)
{
    const QCoreApplication application(argc, argv);
    measureLookUp(10);
    measureLookUp(many);
    const QTemporaryDir folder;
    fill(folder);
    measure("start with 100,000 keys", "ms", 1e3, "1,000", [&] { return opened(folder); });
    measurePages(*opened(folder));
}
