// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/api/config_service.h"

#include "gateway/api/secret_mask.h"
#include "gateway/config/duration.h"
#include "gateway/config/entry_lists.h"
#include "gateway/config/file_layer.h"
#include "gateway/config/prompt_edit.h"
#include "gateway/core/key_hash.h"
#include "gateway/core/text.h"
#include "gateway/pipeline/compile.h"
#include "gateway/storage/database_copy.h"
#include "gateway/storage/vault.h"
#include "resources/catalogue.h"

#include <algorithm>
#include <fmt/format.h>
#include <iterator>
#include <unordered_map>
#include <unordered_set>

namespace gateway::api {

namespace {

std::vector<FieldError> toFieldErrors(const config::Problems &problems)
{
    std::vector<FieldError> errors;
    for (const config::Problem &problem : problems)
        errors.push_back({.field = problem.field, .message = problem.message, .warning = problem.warning});
    return errors;
}

/// The first that is no warning: what an edit or a start was refused for.
const FieldError &firstError(const std::vector<FieldError> &problems)
{
    const auto found = std::ranges::find(problems, false, &FieldError::warning);
    return found == problems.end() ? problems.front() : *found;
}

template <typename T>
void takeIds(std::vector<T> &entries, const std::vector<T> &from)
{
    for (std::size_t i = 0; i < entries.size(); ++i)
        entries[i].id = from[i].id;
}

/// New entries are stored under the ids with which they were compiled.
void takeIds(config::Config &next, const config::Config &prepared)
{
    config::forEachList([&](const auto &list) { takeIds(next.*list.member, prepared.*list.member); });
}

Error unknownTeam(const std::string &asked, const std::vector<config::Team> &teams)
{
    std::vector<std::string_view> names;
    for (const config::Team &team : teams)
        names.emplace_back(team.name);
    const std::string_view near = nearestName(asked, names);
    std::string words = fmt::format("There is no team {}{}", jsonQuoted(asked), near.empty() ? "." : fmt::format("; did you mean {}?", jsonQuoted(near)));
    if (names.empty())
        words += " There are no teams yet.";
    else
        words += fmt::format(" The teams are: {}.", fmt::join(names, ", "));
    return {.code = ErrorCode::NotFound, .message = std::move(words), .where = "team"};
}

/// A secret that comes again after it was revoked is refused without an error: a file with a revoked key must still start.
void warnOfRetired(const std::vector<config::VirtualKey> &next, const std::vector<config::VirtualKey> &prepared, std::vector<FieldError> &problems)
{
    for (std::size_t i = 0; i < next.size(); ++i) {
        if (!next[i].secret.empty() && prepared[i].revoked && !next[i].revoked)
            problems.push_back({.field = fmt::format("keys[{}].secret", i),
                                .message = fmt::format("the secret of key {0} was revoked or rotated away before, and stays refused; run `key rotate {1}` for a new one",
                                                       jsonQuoted(next[i].name), next[i].name),
                                .warning = true});
    }
}

/// Lets calls meet one key as `now` says.
void setKey(pipeline::CompiledConfig &compiled, const config::VirtualKey &now)
{
    const auto place = std::ranges::find_if(compiled.keys, [&](const auto &entry) { return entry.second.id == now.id && !entry.second.formerUntil; });
    if (place == compiled.keys.end())
        return;
    pipeline::CompiledKey entry = std::move(place->second);
    std::erase_if(compiled.keys, [&](const auto &each) { return each.first == entry.digest || each.second.id == now.id; });
    KeyHasher::Digest digest {};
    const bool known = KeyHasher::parse(now.hash, digest);
    entry.revoked = now.revoked || !known;
    if (known)
        entry.digest = digest;
    compiled.keys.insert_or_assign(entry.digest, entry);
    compiled.addFormerSecret(entry, now.formerHash, now.formerUntil);
}

/// Whether all errors are ones that were there before.
bool isKnown(const std::vector<FieldError> &problems, const std::vector<FieldError> &known)
{
    return std::ranges::all_of(problems, [&](const FieldError &problem) {
        return problem.warning || std::ranges::find(known, problem.message, &FieldError::message) != known.end();
    });
}

/// Lets a `listen` rule over the configuration's own while this is there: with many keys, a copy for that one value takes long.
class ListenOver
{
public:
    ListenOver(config::GatewaySettings &settings, const std::string &listen) : m_settings(settings), m_own(settings.listen)
    {
        if (!listen.empty())
            m_settings.listen = listen;
    }
    ~ListenOver() { m_settings.listen = std::move(m_own); }
    ListenOver(const ListenOver &) = delete;
    ListenOver &operator=(const ListenOver &) = delete;

private:
    config::GatewaySettings &m_settings;
    std::string m_own;
};

/// Prompts' versions that an edit would change, or take from under a label.
std::vector<FieldError> changedVersions(const std::vector<config::Prompt> &before, const std::vector<config::Prompt> &after)
{
    std::vector<FieldError> problems;
    for (std::size_t i = 0; i < after.size(); ++i) {
        const auto former = after[i].id.empty() ? std::ranges::find(before, after[i].name, &config::Prompt::name) : std::ranges::find(before, after[i].id, &config::Prompt::id);
        if (former == before.end())
            continue;
        for (FieldError &problem : toFieldErrors(config::versionProblems(*former, after[i], fmt::format("prompts[{}]", i))))
            problems.push_back(std::move(problem));
    }
    return problems;
}

ApplyOutcome refused(std::uint64_t revision, std::vector<FieldError> problems)
{
    return {.applied = false, .revision = revision, .problems = std::move(problems)};
}

} // namespace

ConfigService::ConfigService(Options options, const Clock &clock, telemetry::StatsHub &stats, Publish publish)
    : m_options(std::move(options)), m_clock(clock), m_stats(stats), m_publish(std::move(publish))
{
}

Result<std::unique_ptr<ConfigService>> ConfigService::open(Options options, const Clock &clock, telemetry::StatsHub &stats, Publish publish)
{
    std::unique_ptr<ConfigService> service(new ConfigService(std::move(options), clock, stats, std::move(publish)));
    if (auto opened = service->openStore(); !opened)
        return std::unexpected(opened.error());
    return service;
}

Result<> ConfigService::openStore()
{
    auto catalogue = PriceBook::parse(resources::priceCatalogue());
    if (!catalogue)
        return std::unexpected(catalogue.error());
    m_catalogue = std::make_shared<const PriceBook>(std::move(*catalogue));

    const std::string &folder = m_options.dataFolder;
    if (m_options.useKeyring)
        m_keySource = std::make_unique<storage::KeyringKeySource>(folder);
    else
        m_keySource = std::make_unique<storage::FileKeySource>(folder + "/vault.key");
    using FileEntries = storage::ConfigStore::FileEntries;
    const FileEntries file = m_options.withFile ? FileEntries::Include : FileEntries::LeaveOut;
    auto store = storage::ConfigStore::open({.path = folder + "/signalbox.db", .backupFolder = folder + "/backups", .file = file}, *m_keySource, m_clock);
    if (!store)
        return std::unexpected(store.error());
    m_store = std::move(*store);

    auto current = m_store->current(file);
    if (!current)
        return std::unexpected(current.error());
    m_config = std::move(*current);
    if (m_options.serve && m_options.withFile)
        return {}; // the file's own secrets are not stored: all is checked once it is laid over
    Checked checked = compile(m_config, &m_stats);
    if (!checked.compiled && m_options.serve)
        return fail(ErrorCode::Invalid, fmt::format("The stored configuration cannot be used: {} If it was made beside a --config file, start with that file.", firstError(checked.problems).message));
    if (checked.compiled)
        m_opened = std::move(checked.compiled);
    else
        m_known = std::move(checked.problems);
    return {};
}

ApplyOutcome ConfigService::apply(config::Config next, std::uint64_t baseRevision, const Editor &editor, const std::string &note, const char *how)
{
    std::vector<FieldError> missing;
    for (const std::string &field : unmask(next, m_config))
        missing.push_back({.field = field, .message = "The stored key cannot be copied to here. Paste it again.", .warning = false});
    if (!missing.empty())
        return refused(m_store->revision(), std::move(missing));
    if (auto changed = changedVersions(m_config.prompts, next.prompts); !changed.empty())
        return refused(m_store->revision(), std::move(changed));
    return save(std::move(next), baseRevision, editor, note, how);
}

ApplyOutcome ConfigService::rollback(std::uint64_t toRevision, std::uint64_t baseRevision, const Editor &editor, const std::string &note)
{
    auto former = m_store->former(toRevision, m_config);
    if (!former)
        return refused(m_store->revision(), {{.field = "revision", .message = former.error().message, .warning = false}});
    std::string words = fmt::format("Back to revision {}", toRevision);
    if (!note.empty())
        words += ": " + note;
    ApplyOutcome outcome = save(std::move(former->config), baseRevision, editor, words, audit_action::rolledBack);
    for (const std::string &place : former->lost)
        outcome.problems.push_back({.field = {}, .message = fmt::format("The secret is not there any more: {}. Enter it again.", place), .warning = true});
    return outcome;
}

Result<config::Config> ConfigService::rolledBack(std::uint64_t toRevision) const
{
    auto former = m_store->former(toRevision, m_config);
    if (!former)
        return std::unexpected(former.error());
    m_store->fillKeyStates(former->config);
    return masked(std::move(former->config));
}

ApplyOutcome ConfigService::applyFile(const config::Config &fromFile, const std::string &path)
{
    auto merged = config::withFile(m_config, fromFile);
    if (!merged)
        return refused(m_store->revision(), toFieldErrors(merged.error()));
    if (auto changed = changedVersions(m_config.prompts, merged->prompts); !changed.empty())
        return refused(m_store->revision(), std::move(changed));
    for (config::VirtualKey &key : merged->keys) {
        if (key.origin == config::Origin::File && key.secret.empty())
            key.hash.clear(); // the file gives none, or none any more: the store knows whether one was rotated in since
    }
    for (config::AdminToken &token : merged->adminTokens) {
        if (token.origin == config::Origin::File && token.secret.empty())
            token.hash.clear();
    }
    return save(std::move(*merged), m_store->revision(), Editor(fmt::format("file {}", path), path), "", audit_action::fileApplied);
}

ApplyOutcome ConfigService::save(config::Config next, std::uint64_t baseRevision, const Editor &editor, const std::string &note, const char *how)
{
    auto prepared = m_store->prepare(next); // without new keys' secrets, which `next` still has for the store
    if (!prepared)
        return refused(m_store->revision(), {{.field = prepared.error().where, .message = prepared.error().message, .warning = false}});
    Checked checked = compile(*prepared, &m_stats);
    if (!checked.compiled && !isKnown(checked.problems, m_known))
        return refused(m_store->revision(), std::move(checked.problems));
    takeIds(next, *prepared);
    warnOfRetired(next.keys, prepared->keys, checked.problems);
    auto saved = m_store->save(std::move(next), baseRevision, editor, note, how);
    if (!saved)
        return refused(m_store->revision(), {{.field = saved.error().where, .message = saved.error().message, .warning = false}});
    m_config = std::move(saved->config);
    publish(std::move(checked.compiled));
    return {.applied = true, .revision = saved->revision, .problems = std::move(checked.problems)};
}

std::vector<FieldError> ConfigService::check(config::Config next) const
{
    std::vector<FieldError> problems;
    for (const std::string &field : unmask(next, m_config))
        problems.push_back({.field = field, .message = "The stored key cannot be copied to here. Paste it again.", .warning = false});
    std::ranges::move(changedVersions(m_config.prompts, next.prompts), std::back_inserter(problems));
    auto prepared = m_store->prepare(std::move(next));
    if (!prepared) {
        problems.push_back({.field = prepared.error().where, .message = prepared.error().message, .warning = false});
        return problems;
    }
    const Checked checked = compile(*prepared, nullptr);
    problems.insert(problems.end(), checked.problems.begin(), checked.problems.end());
    return problems;
}

Result<std::shared_ptr<const pipeline::CompiledConfig>> ConfigService::tried(config::Config next) const
{
    if (const auto missing = unmask(next, m_config); !missing.empty())
        return fail(ErrorCode::Invalid, fmt::format("{}: The stored key cannot be copied to here. Paste it again.", missing.front()), missing.front());
    auto prepared = m_store->prepare(std::move(next));
    if (!prepared)
        return std::unexpected(prepared.error());
    Checked checked = compile(*prepared, nullptr);
    if (checked.compiled)
        return std::move(checked.compiled);
    const FieldError &first = firstError(checked.problems);
    return fail(ErrorCode::Invalid, fmt::format("{}: {}", first.field, first.message), first.field);
}

ConfigService::Checked ConfigService::compile(config::Config &config, telemetry::StatsHub *stats) const
{
    const ListenOver listen(config.gateway, m_options.listen);
    pipeline::Compiled compiled = pipeline::compile(config, m_catalogue, stats);
    return {.compiled = std::move(compiled.config), .problems = toFieldErrors(compiled.problems)};
}

void ConfigService::publish(std::shared_ptr<const pipeline::CompiledConfig> compiled)
{
    m_opened.reset();
    if (!compiled && m_options.serve)
        return; // nothing runs yet: the file is still to be laid over
    m_compiled = compiled;
    m_publish({.compiled = std::move(compiled), .masked = std::make_shared<const config::Config>(masked(m_config)), .revision = newestRevision()});
}

void ConfigService::publishAgain(const std::string &listen)
{
    std::string former = std::exchange(m_options.listen, listen);
    if (m_opened && former == listen)
        return publish(std::move(m_opened));
    if (Checked checked = compile(m_config, &m_stats); checked.compiled || !m_options.serve)
        publish(std::move(checked.compiled));
    else
        m_options.listen = std::move(former); // else no edit could be made any more
}

void ConfigService::takeKeyStates(const std::vector<config::VirtualKey> &keys)
{
    std::unordered_map<std::string_view, const config::VirtualKey *> now;
    for (const config::VirtualKey &key : keys)
        now.emplace(key.id, &key);
    for (config::VirtualKey &key : m_config.keys) { // in what holds: what is stored lacks the secrets that a file gives
        if (const auto changed = now.find(key.id); changed != now.end())
            key = *changed->second;
    }
    Checked checked = compile(m_config, &m_stats);
    if (!checked.compiled && m_compiled) { // what ran so far goes on, but not with the keys' former secrets
        auto next = std::make_shared<pipeline::CompiledConfig>(*m_compiled);
        for (const config::VirtualKey &key : keys)
            setKey(*next, key);
        checked.compiled = std::move(next);
    }
    publish(std::move(checked.compiled));
}

Result<CreatedKey> ConfigService::createKey(const NewKey &key, const Editor &editor)
{
    if (std::ranges::find(m_config.keys, key.name, &config::VirtualKey::name) != m_config.keys.end())
        return fail(ErrorCode::Conflict, fmt::format("There is a key named \"{}\" already. Choose another name.", key.name), "name");
    config::Config next = m_config;
    const bool newTeam = !key.team.empty() && std::ranges::find(next.teams, key.team, &config::Team::name) == next.teams.end();
    if (newTeam && !key.createTeam)
        return std::unexpected(unknownTeam(key.team, next.teams));
    if (newTeam)
        next.teams.push_back({.id = {}, .name = key.team});
    const std::string secret = newKeySecret();
    config::VirtualKey entry;
    entry.name = key.name;
    entry.team = key.team;
    entry.secret.value = secret;
    entry.models = key.models;
    entry.expires = key.expires;
    entry.allowFrom = key.allowFrom;
    entry.permissions = key.permissions;
    entry.metadata = key.metadata;
    entry.defaults = key.defaults;
    entry.quota = key.quota;
    entry.createdAt = m_clock.wallNow();
    next.keys.push_back(std::move(entry));

    const ApplyOutcome outcome = save(std::move(next), m_store->revision(), editor, fmt::format("key {} created", key.name), nullptr);
    if (!outcome.applied)
        return fail(ErrorCode::Invalid, firstError(outcome.problems).message, firstError(outcome.problems).field);
    const auto made = std::ranges::find(m_config.keys, key.name, &config::VirtualKey::name);
    return CreatedKey {.key = *made, .secret = secret};
}

Result<bool> ConfigService::revokeKey(const std::string &keyId, const Editor &editor)
{
    const auto held = std::ranges::find(m_config.keys, keyId, &config::VirtualKey::id);
    auto revoked = m_store->revokeKey(keyId, editor);
    if (held == m_config.keys.end())
        return revoked;
    config::VirtualKey key = *held;
    key.revoked = true;
    takeKeyStates({key}); // also where it cannot be stored, on a full disk for one
    if (!revoked)
        return fail(revoked.error().code, fmt::format("The key is refused from now on, but that could not be stored and so would end with this process: {} Revoke it again once that is mended.",
                                                      revoked.error().message));
    return revoked;
}

Result<std::vector<CreatedKey>> ConfigService::rotateKeys(const std::vector<std::string> &keyIds, config::Millis grace, const Editor &editor)
{
    constexpr config::Millis longest = std::chrono::days {365};
    if (grace < config::Millis::zero() || grace > longest)
        return fail(ErrorCode::BadRequest, fmt::format("A former secret works on for {} at most.", config::durationText(longest)), "grace");
    // The store may know keys of an earlier --config run that hold no more: only a key that holds can be given a secret.
    const std::unordered_set<std::string_view> wanted(keyIds.begin(), keyIds.end());
    config::Config stated;
    std::ranges::copy_if(m_config.keys, std::back_inserter(stated.keys), [&](const config::VirtualKey &key) { return wanted.contains(key.id); });
    if (stated.keys.size() != wanted.size())
        return fail(ErrorCode::NotFound, wanted.size() == 1 ? "There is no such key any more." : "Some of these keys are not there any more.", "key");
    std::vector<storage::NewSecret> secrets;
    for (const config::VirtualKey &key : stated.keys)
        secrets.push_back({.keyId = key.id, .secret = newKeySecret()});
    if (auto rotated = m_store->rotateKeys(secrets, grace, editor); !rotated)
        return std::unexpected(rotated.error());
    m_store->fillKeyStates(stated);
    takeKeyStates(stated.keys);
    std::vector<CreatedKey> created;
    for (std::size_t i = 0; i < secrets.size(); ++i)
        created.push_back({.key = std::move(stated.keys[i]), .secret = std::move(secrets[i].secret)});
    return created;
}

Revision ConfigService::newestRevision() const
{
    const auto newest = m_store->revisions(1);
    if (!newest || newest->empty())
        return {};
    const storage::StoredRevision &revision = newest->front();
    return {.number = revision.number, .at = revision.at, .author = revision.author, .note = revision.note};
}

Result<std::vector<Revision>> ConfigService::revisions() const
{
    auto stored = m_store->revisions();
    if (!stored)
        return std::unexpected(stored.error());
    std::vector<Revision> revisions;
    for (storage::StoredRevision &revision : *stored) {
        std::string words = revision.note.empty() ? revision.diff : std::move(revision.note);
        revisions.push_back({.number = revision.number, .at = revision.at, .author = std::move(revision.author), .note = std::move(words), .changes = std::move(revision.diff)});
    }
    return revisions;
}

Result<config::Provider> ConfigService::unmasked(config::Provider provider) const
{
    config::Config one;
    one.providers.push_back(std::move(provider));
    if (!unmask(one, m_config).empty())
        return fail(ErrorCode::Invalid, "The stored key cannot be copied to here. Paste it again.", "credentials");
    return std::move(one.providers.front());
}

Result<storage::ConfigSnapshot> ConfigService::snapshot(const std::string &copy, bool withSecrets) const
{
    storage::ConfigSnapshot snapshot {.copy = copy, .installation = storage::installationMark(installationKey()), .at = m_clock.wallNow()};
    if (auto copied = storage::copyDatabase(m_options.dataFolder + "/signalbox.db", copy, {}); !copied)
        return std::unexpected(copied.error());
    if (!withSecrets)
        return snapshot;
    auto secrets = m_store->vault().secrets();
    if (!secrets)
        return std::unexpected(secrets.error());
    snapshot.secrets = std::move(*secrets);
    return snapshot;
}

const KeyHasher::Key &ConfigService::installationKey() const
{
    return m_store->vault().installationKey();
}

} // namespace gateway::api
