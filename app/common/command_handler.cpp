// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/common/command_handler.h"

#include "app/common/call_requests.h"
#include "app/common/doctor.h"
#include "app/common/json_fields.h"
#include "gateway/admin/bill_requests.h"
#include "gateway/admin/plan_requests.h"
#include "gateway/admin/report_requests.h"
#include "gateway/admin/reprice_requests.h"
#include "gateway/api/secret_mask.h"
#include "gateway/config/budget_word.h"
#include "gateway/config/config_json.h"
#include "gateway/config/diff.h"
#include "gateway/config/duration.h"
#include "gateway/config/file_layer.h"
#include "gateway/config/yaml_writer.h"
#include "gateway/core/text.h"

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <set>
#include <unistd.h>

namespace app {

namespace {

using gateway::Error;
using gateway::ErrorCode;
using gateway::Result;
using nlohmann::json;
namespace config = gateway::config;
namespace api = gateway::api;

std::optional<std::int64_t> numberOf(const json &request, const char *key)
{
    const auto found = request.find(key);
    return found != request.end() && found->is_number_integer() ? std::optional(found->get<std::int64_t>()) : std::nullopt;
}

/// What comes through the control socket was not made in the window, where one runs.
api::EditNote commandLine(std::string note = {})
{
    return {std::move(note), "command line"};
}

json problemJson(const api::FieldError &problem)
{
    return {{"field", problem.field}, {"message", problem.message}, {"warning", problem.warning}};
}

template <typename T>
json names(const std::vector<T> &entries)
{
    json list = json::array();
    for (const T &entry : entries)
        list.push_back(entry.name);
    return list;
}

/// Problems count the entries of the merged configuration: with their names, whoever asked can find its own.
json outcomeJson(const api::ApplyOutcome &outcome, const config::Config &whole)
{
    json answer {{"ok", outcome.applied}, {"revision", outcome.revision}, {"problems", json::array()}};
    for (const api::FieldError &problem : outcome.problems)
        answer["problems"].push_back(problemJson(problem));
    answer["names"] = {{"providers", names(whole.providers)}, {"routes", names(whole.routes)}, {"teams", names(whole.teams)}, {"keys", names(whole.keys)}};
    if (!outcome.applied)
        answer["error"] = {{"code", "invalid"}, {"message", "The configuration was refused; nothing was changed."}};
    return answer;
}

std::string secondsText(gateway::WallTime time)
{
    return config::dateText(std::chrono::floor<std::chrono::seconds>(time));
}

std::set<std::string> textsOf(const json &request, const char *key)
{
    std::set<std::string> texts;
    const auto found = request.find(key);
    if (found == request.end() || !found->is_array())
        return texts;
    for (const json &text : *found) {
        if (text.is_string())
            texts.insert(text.get<std::string>());
    }
    return texts;
}

/// What a file says, as the command read it.
Result<config::ReadConfig> sentConfig(const json &request)
{
    auto sent = config::fromJson<config::Config>(textOf(request, "config"));
    if (!sent)
        return std::unexpected(sent.error());
    return config::ReadConfig {.config = std::move(*sent), .gatewayKeys = textsOf(request, "settings"), .sections = textsOf(request, "sections"), .warnings = {}, .places = {}};
}

api::ApplyOutcome refused(const config::Problems &problems)
{
    api::ApplyOutcome outcome;
    for (const config::Problem &problem : problems)
        outcome.problems.push_back({problem.field, problem.message, problem.warning});
    return outcome;
}

json keyJson(const config::VirtualKey &key, const api::UseSummary *use)
{
    const gateway::WallTime now = gateway::SystemClock().wallNow();
    json entry {{"name", key.name}, {"team", key.team}, {"prefix", key.prefix}, {"revoked", key.revoked}, {"sleeping", key.hash.empty() && key.prefix.empty()}};
    if (key.models)
        entry["models"] = *key.models;
    if (key.expires) {
        entry["expires"] = config::dateText(*key.expires);
        entry["expired"] = *key.expires <= now;
    }
    if (key.origin == config::Origin::File)
        entry["origin"] = "file";
    if (!key.revoked && key.formerUntil > now)
        entry["grace_ends"] = secondsText(key.formerUntil);
    if (use == nullptr)
        return entry;
    const auto found = std::find_if(use->keys.begin(), use->keys.end(), [&](const api::KeyUse &each) { return each.keyId == key.id; });
    if (found == use->keys.end())
        return entry;
    entry["calls"] = found->calls;
    entry["spent"] = found->spent.toDecimal();
    if (found->lastUsed != gateway::WallTime {})
        entry["last_used"] = secondsText(found->lastUsed);
    return entry;
}

gateway::admin::JsonAnswer asResult(CommandHandler::Answer answer)
{
    return [answer = std::move(answer)](Result<json> result) {
        if (!result)
            return answer(failure(result.error()));
        (*result)["ok"] = true;
        answer(*result);
    };
}

json createdJson(const Result<api::CreatedKey> &created)
{
    if (!created)
        return failure(created.error());
    json answer {{"ok", true}, {"name", created->key.name}, {"prefix", created->key.prefix}, {"secret", created->secret}};
    if (created->key.formerUntil > gateway::SystemClock().wallNow())
        answer["grace_ends"] = secondsText(created->key.formerUntil);
    return answer;
}

} // namespace

json failure(const Error &error)
{
    json body {{"code", gateway::toText(error.code)}, {"message", error.message}};
    if (!error.where.empty())
        body["where"] = error.where;
    return {{"ok", false}, {"error", std::move(body)}};
}

CommandHandler::CommandHandler(api::Gateway &gateway, std::function<void()> shutDown, QObject *parent)
    : QObject(parent), m_gateway(gateway), m_shutDown(std::move(shutDown))
{
}

void CommandHandler::handle(const json &request, Answer answer, QObject *asker, Answer told)
{
    const std::string kind = request.is_object() ? textOf(request, "do") : std::string();
    if (kind == "status") {
        status(answer);
    } else if (kind == "config.export") {
        exportConfig(request, std::move(answer));
    } else if (kind == "config.apply") {
        applyConfig(request, std::move(answer));
    } else if (kind == "config.diff") {
        compareConfig(request, std::move(answer));
    } else if (kind == "config.versions") {
        listVersions(std::move(answer));
    } else if (kind == "config.rollback") {
        rollBack(request, std::move(answer));
    } else if (kind == "explain") {
        gateway::admin::explain(m_gateway, request, this, asResult(std::move(answer)));
    } else if (kind == "replay") {
        gateway::admin::replay(m_gateway, request, this, asResult(std::move(answer)));
    } else if (kind == "reconcile") {
        gateway::admin::reconcile(m_gateway, request, this, asResult(std::move(answer)));
    } else if (kind == "report") {
        gateway::admin::report(m_gateway, request, asker != nullptr ? asker : this, asResult(std::move(answer)), [told = std::move(told)](gateway::ReportProgress progress) {
            if (told)
                told({{"progress", {{"done", progress.done}, {"all", progress.all}}}});
        });
    } else if (kind == "reprice") {
        gateway::admin::reprice(m_gateway, request, true, commandLine(), this, asResult(std::move(answer)));
    } else if (kind == "key.create") {
        createKey(request, std::move(answer));
    } else if (kind == "key.list") {
        listKeys(std::move(answer));
    } else if (kind == "key.revoke") {
        revokeKey(request, std::move(answer));
    } else if (kind == "key.rotate") {
        rotateKey(request, std::move(answer));
    } else if (kind == "backup") {
        backUp(request, std::move(answer), asker != nullptr ? asker : this, std::move(told));
    } else if (kind == "calls.import") {
        importCalls(m_gateway, request, asker != nullptr ? asker : this, std::move(answer), std::move(told));
    } else if (kind == "calls.prune") {
        pruneCalls(m_gateway, request, asker != nullptr ? asker : this, std::move(answer), std::move(told));
    } else if (kind == "doctor") {
        runDoctor(request, std::move(answer));
    } else if (kind == "shutdown" && m_shutDown) {
        answer({{"ok", true}});
        m_shutDown();
    } else {
        answer(failure({ErrorCode::NotSupported, fmt::format("The running Signalbox ({}) does not know the command {}. Is it of another version?", SIGNALBOX_VERSION,
                                                             gateway::jsonQuoted(gateway::truncatedUtf8(kind, 40)))}));
    }
}

void CommandHandler::status(const Answer &answer)
{
    const api::ListenerState listener = m_gateway.listener();
    answer({{"ok", true},
            {"pid", ::getpid()},
            {"version", SIGNALBOX_VERSION},
            {"revision", m_gateway.revision().number},
            {"demo", m_gateway.demo()},
            {"listener", {{"up", listener.up}, {"address", listener.address}, {"problem", listener.problem}}}});
}

void CommandHandler::exportConfig(const json &request, Answer answer)
{
    if (!isTrue(request, "secrets")) {
        answer({{"ok", true}, {"yaml", config::toYaml(*m_gateway.config())}});
        return;
    }
    m_gateway.exportSecrets(this, [answer = std::move(answer)](const Result<config::Config> &whole) {
        if (whole)
            answer({{"ok", true}, {"yaml", config::toYaml(*whole, config::Secrets::Include)}});
        else
            answer(failure(whole.error()));
    });
}

void CommandHandler::compareConfig(const json &request, Answer answer)
{
    const auto sent = sentConfig(request);
    if (!sent)
        return answer(failure(sent.error()));
    const api::ConfigPtr now = m_gateway.config();
    const std::uint64_t revision = m_gateway.revision().number;
    auto next = config::withApplied(*now, *sent);
    if (!next)
        return answer(outcomeJson(refused(next.error()), sent->config));
    // Against the masks of what is stored: a provider's secret that ends as the stored one is no change.
    const std::string changes = config::diffText(*now, api::maskedAsStored(*next, m_gateway));
    const auto whole = std::make_shared<const config::Config>(*next);
    m_gateway.check(std::move(*next), this, [answer = std::move(answer), whole, changes, revision](std::vector<api::FieldError> problems) {
        const bool wrong = std::ranges::any_of(problems, [](const api::FieldError &problem) { return !problem.warning; });
        json told = outcomeJson({.applied = !wrong, .revision = revision, .problems = std::move(problems)}, *whole);
        told["changes"] = changes;
        answer(told);
    });
}

void CommandHandler::applyConfig(const json &request, Answer answer)
{
    const auto sent = sentConfig(request);
    if (!sent)
        return answer(failure(sent.error()));
    std::uint64_t base = m_gateway.revision().number;
    if (const auto asked = numberOf(request, "revision"); asked && *asked >= 0)
        base = static_cast<std::uint64_t>(*asked);
    auto next = config::withApplied(*m_gateway.config(), *sent);
    if (!next)
        return answer(outcomeJson(refused(next.error()), sent->config));
    const auto whole = std::make_shared<const config::Config>(*next);
    api::EditNote note = commandLine(textOf(request, "note"));
    note.applied = true;
    m_gateway.apply(std::move(*next), base, std::move(note), this,
                    [answer = std::move(answer), whole](const api::ApplyOutcome &outcome) { answer(outcomeJson(outcome, *whole)); });
}

void CommandHandler::listVersions(Answer answer)
{
    m_gateway.revisions(this, [answer = std::move(answer)](const Result<std::vector<api::Revision>> &revisions) {
        if (!revisions)
            return answer(failure(revisions.error()));
        json versions = json::array();
        for (const api::Revision &revision : *revisions)
            versions.push_back({{"revision", revision.number}, {"at", secondsText(revision.at)}, {"author", revision.author}, {"note", revision.note}});
        answer({{"ok", true}, {"versions", std::move(versions)}});
    });
}

void CommandHandler::rollBack(const json &request, Answer answer)
{
    const auto to = numberOf(request, "to");
    if (!to || *to < 1)
        return answer(failure({ErrorCode::BadRequest, "to is the number of a version of the configuration."}));
    if (isTrue(request, "dry"))
        return compareRollback(static_cast<std::uint64_t>(*to), std::move(answer));
    std::uint64_t base = m_gateway.revision().number;
    if (const auto asked = numberOf(request, "revision"); asked && *asked >= 0)
        base = static_cast<std::uint64_t>(*asked);
    m_gateway.rollback(static_cast<std::uint64_t>(*to), base, commandLine(), this, [this, answer = std::move(answer)](const api::ApplyOutcome &outcome) { answer(outcomeJson(outcome, *m_gateway.config())); });
}

void CommandHandler::compareRollback(std::uint64_t to, Answer answer)
{
    const std::uint64_t revision = m_gateway.revision().number; // before the configuration: it must not be newer than that
    m_gateway.rolledBack(to, this, [this, revision, answer = std::move(answer)](const Result<config::Config> &then) {
        if (!then)
            return answer(failure(then.error()));
        answer({{"ok", true}, {"revision", revision}, {"changes", config::diffText(*m_gateway.config(), *then)}});
    });
}

void CommandHandler::createKey(const json &request, Answer answer)
{
    api::NewKey key {.name = textOf(request, "name"), .team = textOf(request, "team"), .models = {}, .expires = {}, .allowFrom = {}};
    if (const auto models = request.find("models"); models != request.end() && models->is_array()) {
        key.models.emplace();
        for (const json &model : *models) {
            if (model.is_string())
                key.models->push_back(model.get<std::string>());
        }
    }
    if (const std::string expires = textOf(request, "expires"); !expires.empty()) {
        const auto date = config::parseDate(expires);
        if (!date) {
            answer(failure(date.error()));
            return;
        }
        key.expires = *date;
    }
    if (const std::string budget = textOf(request, "budget"); !budget.empty()) {
        const auto parsed = config::parseBudget(budget);
        if (!parsed)
            return answer(failure(parsed.error()));
        key.quota.budgets = {*parsed};
    }
    if (const config::Limit limit {.rpm = numberOf(request, "rpm"), .tpm = numberOf(request, "tpm")}; limit.rpm || limit.tpm)
        key.quota.limits = {limit};
    key.createTeam = isTrue(request, "create_team");
    m_gateway.createKey(std::move(key), this, [answer = std::move(answer)](Result<api::CreatedKey> created) {
        if (!created && created.error().code == ErrorCode::NotFound && created.error().where == "team")
            created.error().message += " With --create-team a new one is made.";
        answer(createdJson(created));
    }, commandLine());
}

void CommandHandler::listKeys(Answer answer)
{
    m_gateway.keyUse(this, [this, answer = std::move(answer)](const Result<api::UseSummary> &use) {
        json keys = json::array();
        const auto present = m_gateway.config(); // named: a range's temporary ends before its loop begins
        for (const config::VirtualKey &key : present->keys)
            keys.push_back(keyJson(key, use ? &*use : nullptr));
        answer({{"ok", true}, {"keys", std::move(keys)}});
    });
}

Result<std::string> CommandHandler::keyId(const std::string &name) const
{
    const api::ConfigPtr now = m_gateway.config();
    const auto key = std::find_if(now->keys.begin(), now->keys.end(), [&](const config::VirtualKey &each) { return each.name == name; });
    if (key != now->keys.end())
        return key->id;
    std::vector<std::string_view> all;
    for (const config::VirtualKey &each : now->keys)
        all.emplace_back(each.name);
    const std::string_view near = gateway::nearestName(name, all);
    return gateway::fail(ErrorCode::NotFound, fmt::format("There is no key {}.{}", gateway::jsonQuoted(name),
                                                          near.empty() ? " `key list` shows those that are there." : fmt::format(" Did you mean {}?", gateway::jsonQuoted(near))));
}

void CommandHandler::revokeKey(const json &request, Answer answer)
{
    const auto id = keyId(textOf(request, "name"));
    if (!id) {
        answer(failure(id.error()));
        return;
    }
    m_gateway.revokeKey(*id, this, [answer = std::move(answer)](const Result<bool> &revoked) {
        if (revoked)
            answer({{"ok", true}, {"revoked", *revoked}});
        else
            answer(failure(revoked.error()));
    }, commandLine());
}

void CommandHandler::rotateKey(const json &request, Answer answer)
{
    const auto id = keyId(textOf(request, "name"));
    if (!id) {
        answer(failure(id.error()));
        return;
    }
    config::Millis grace {};
    if (const std::string asked = textOf(request, "grace"); !asked.empty()) {
        const auto read = config::parseDuration(asked);
        if (!read)
            return answer(failure(read.error()));
        grace = *read;
    }
    m_gateway.rotateKey(*id, grace, this, [answer = std::move(answer)](const Result<api::CreatedKey> &created) { answer(createdJson(created)); }, commandLine());
}

void CommandHandler::backUp(const json &request, Answer answer, QObject *asker, Answer told)
{
    api::BackupOrder order {.path = textOf(request, "file"), .passphrase = textOf(request, "passphrase"), .calls = !request.contains("calls") || isTrue(request, "calls")};
    if (!std::filesystem::path(order.path).is_absolute()) // this process has another working folder than whoever asks
        return answer(failure({ErrorCode::BadRequest, "file is the whole path of the backup."}));
    const auto tell = [told = std::move(told)](const api::BackupProgress &progress) {
        if (told)
            told({{"progress", {{"done", progress.done}, {"all", progress.all}}}});
    };
    m_gateway.backup(std::move(order), asker, tell, [answer = std::move(answer)](const Result<api::BackupSummary> &made) {
        if (!made)
            return answer(failure(made.error()));
        answer({{"ok", true}, {"file", made->path}, {"bytes", made->bytes}, {"secrets", made->secrets}, {"calls", made->calls}});
    });
}

void CommandHandler::runDoctor(const json &request, Answer answer)
{
    auto *doctor = new Doctor(m_gateway, textOf(request, "listen"), this);
    doctor->run([doctor, answer = std::move(answer)](const std::vector<Finding> &findings) {
        json checks = json::array();
        for (const Finding &finding : findings)
            checks.push_back({{"what", finding.what}, {"ok", finding.ok}, {"words", finding.words}});
        doctor->deleteLater();
        answer({{"ok", true}, {"checks", std::move(checks)}});
    });
}

} // namespace app
