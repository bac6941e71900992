// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/support/scene_audit.h"

#include "tests/ui/support/fake_gateway.h"

#include <algorithm>
#include <array>

using namespace gateway;
using namespace std::chrono_literals;

namespace tests {
namespace {

struct Made
{
    const char *author, *from, *kind, *name, *action, *diff;
};

constexpr std::array often {
    Made {"window", "window", "team", "growth", "changed", "budgets: [{\"amount\":300,\"per\":\"month\"}] -> [{\"amount\":400,\"per\":\"month\"}]"},
    Made {"admin:ci", "10.20.0.17", "key", "search-backend", "rotated", ""},
    Made {"window", "window", "gateway", "", "changed", "max_connections: 1024 -> 2048; log.keep: 30d -> 90d"},
    Made {"admin:terraform", "10.20.0.4", "route", "canary", "changed", "aliases: default -> [\"canary-eu\"]"},
    Made {"command line", "command line", "key", "research-evals", "created", ""},
    Made {"admin:ci", "10.20.0.17", "key", "search-eval", "revoked", ""},
    Made {"window", "window", "provider", "openai", "changed", "credentials.main.rpm: 500 -> 600; credentials.main.api_key changed"},
    Made {"admin:terraform", "10.20.0.4", "tag", "batch", "deleted", ""},
    Made {"window", "window", "admin-token", "reports", "created", ""},
    Made {"file /etc/signalbox/gateway.yaml", "/etc/signalbox/gateway.yaml", "configuration", "", "file applied", ""},
};

constexpr int oftenCount = 430;

AuditEntry entryOf(const Made &made, WallTime at, std::uint64_t revision)
{
    return {.at = at, .author = made.author, .from = made.from, .kind = made.kind, .name = made.name, .action = made.action, .revision = revision, .diff = made.diff};
}

} // namespace

std::deque<AuditEntry> sceneAudit()
{
    const WallTime now = FakeGateway::sceneTime();
    std::deque<AuditEntry> log;
    log.push_back(entryOf({"window", "window", "route", "gpt-4o", "changed", "plan: 2 rows -> 3 rows"}, now - 11min, 214));
    log.push_back(entryOf({"admin:ci", "10.20.0.17", "key", "search-eval", "revoked", ""}, now - 19min, 213));
    log.push_back(entryOf({"window", "window", "route", "gpt-4o", "changed", "aliases: default -> [\"gpt-4o-2024-08-06\"]"}, now - 33min - 30s, 213));
    log.push_back(entryOf({"file /etc/signalbox/gateway.yaml", "/etc/signalbox/gateway.yaml", "provider", "together", "created", ""}, now - 26h, 212));
    for (int i = 0; i < oftenCount; ++i)
        log.push_back(entryOf(often.at(static_cast<std::size_t>(i) % often.size()), now - 27h - i * 67min, static_cast<std::uint64_t>(std::max(2, 211 - i / 2))));
    log.push_back(entryOf({"signalbox", "signalbox", "audit", "", "began", "The log begins."}, now - 24 * 21h, 0));
    for (std::size_t i = 0; i < log.size(); ++i)
        log[i].row = log.size() - i;
    return log;
}

std::deque<AuditEntry> beginningAudit()
{
    AuditEntry first = entryOf({"signalbox", "signalbox", "audit", "", "began", "The log begins."}, FakeGateway::sceneTime() - 2min, 0);
    first.row = 1;
    return {first};
}

bool isFound(const AuditQuery &query, const AuditEntry &entry)
{
    const auto is = [](const std::string &wanted, const std::string &value) { return wanted.empty() || wanted == value; };
    const auto has = [&](const AuditWord &word) {
        const auto in = [](const std::string &value, const std::vector<std::string> &of) { return std::ranges::find(of, value) != of.end(); };
        const std::string all = entry.author + '\n' + entry.from + '\n' + entry.kind + '\n' + entry.name + '\n' + entry.action + '\n' + entry.diff;
        return QString::fromStdString(all).contains(QString::fromStdString(word.text), Qt::CaseInsensitive) || in(entry.author, word.authors) || in(entry.kind, word.kinds) || in(entry.action, word.actions);
    };
    return is(query.author, entry.author) && is(query.kind, entry.kind) && is(query.name, entry.name) && std::ranges::all_of(query.words, has)
        && (query.before == 0 || entry.row < query.before) && entry.row > query.after;
}

AuditEntry auditEntry(const config::Change &change, std::uint64_t revision)
{
    using Kind = config::Change::Kind;
    const char *action = change.kind == Kind::Added ? audit_action::created : change.kind == Kind::Removed ? audit_action::deleted : audit_action::changed;
    return {.at = FakeGateway::sceneTime(), .author = "window", .from = "window", .kind = change.subject, .name = change.name, .action = action, .revision = revision, .diff = change.fieldText()};
}

} // namespace tests
