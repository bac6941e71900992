// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/admin/answers.h"
#include "gateway/admin/edit.h"
#include "gateway/admin/endpoint.h"
#include "gateway/admin/json_body.h"
#include "gateway/admin/litellm/entries.h"
#include "gateway/admin/litellm/key_fields.h"
#include "gateway/core/key_hash.h"
#include "gateway/core/text.h"

#include <algorithm>
#include <chrono>
#include <fmt/format.h>
#include <memory>
#include <set>
#include <utility>

/// LiteLLM's /key/generate, info, update and delete, over the configuration's keys.
namespace gateway::admin::litellm {

namespace {

using Json = nlohmann::ordered_json;
using Refused = std::unexpected<pipeline::AdminReply>;
using Changed = std::expected<std::string, pipeline::AdminReply>;

WallTime now()
{
    return std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now());
}

std::string placeOf(std::size_t index)
{
    return fmt::format("keys[{}].", index);
}

Error nameTaken(std::string_view name)
{
    return {.code = ErrorCode::Conflict, .message = fmt::format("There is a key {} already. Choose another alias.", jsonQuoted(truncatedUtf8(name, 100))), .where = "key_alias"};
}

Error ownedByFile(const config::VirtualKey &key)
{
    return {.code = ErrorCode::Conflict, .message = fmt::format("The key {} comes from the configuration file. Change it there.", jsonQuoted(key.name)), .where = "key"};
}

bool isTaken(const config::Config &config, std::string_view name, std::string_view butOf = {})
{
    return std::ranges::any_of(config.keys, [&](const config::VirtualKey &key) { return key.name == name && key.id != butOf; });
}

/// Answers with what `body` makes of a key as it now is, and of what it spent.
void show(api::Gateway &gateway, QObject *context, const std::string &asked, std::function<Json(const config::VirtualKey &, Json info)> body, const Done &done)
{
    const api::ConfigPtr config = gateway.config();
    const config::VirtualKey *key = findKey(gateway, *config, asked);
    if (key == nullptr)
        return done(refusal(noSuchKey("key")));
    auto query = usageOf("key", key->name);
    if (!query)
        return done(refusal(query.error()));
    gateway.usage(std::move(*query), context, [&gateway, config, key, body = std::move(body), done](const Result<Usage> &usage) {
        if (!usage)
            return done(refusal(usage.error()));
        const auto live = gateway.scopesOf({{.kind = ScopeKind::Key, .name = key->name, .keyHash = key->hash}});
        done(answer(body(*key, keyInfo(*config, *key, live, usage->totals.cost))));
    });
}

/// The answer to an edit: the key's fields at the top.
std::function<Json(const config::VirtualKey &, Json)> edited(std::vector<std::string> notTaken, std::string secret = {})
{
    return [notTaken = std::move(notTaken), secret = std::move(secret)](const config::VirtualKey &key, Json info) {
        Json body {{"key", secret.empty() ? key.id : secret}, {"token_id", key.id}};
        body.update(info);
        body["signalbox_not_taken"] = notTaken;
        return body;
    };
}

void generateKey(Ask ask, Done done)
{
    const auto fields = readKeyFields(ask.body, KeyCall::Generate, now());
    if (!fields)
        return done(refusal(fields.error()));
    const std::string secret = fields->secret.value_or(newKeySecret());
    config::VirtualKey made {.name = fields->alias.value_or("key-" + newKeySecret().substr(3, 12)), .secret = {secret}, .createdAt = now()};
    Edit edit {.note = fmt::format("key {} created", made.name)};
    edit.change = [made, fields = *fields](config::Config &next) -> Changed {
        config::VirtualKey key = made;
        if (const auto wrong = fields.layOver(key, next))
            return Refused(refusal(*wrong));
        if (isTaken(next, key.name))
            return Refused(refusal(nameTaken(key.name)));
        next.keys.push_back(std::move(key));
        return placeOf(next.keys.size() - 1);
    };
    edit.show = [name = made.name, secret, notTaken = fields->notTaken](api::Gateway &gateway, QObject *context, const Done &answered) { show(gateway, context, name, edited(notTaken, secret), answered); };
    makeEdit(std::move(ask), std::move(edit), std::move(done));
}

void keyOf(const Ask &ask, const Done &done)
{
    const std::string asked(ask.asked("key"));
    if (asked.empty())
        return done(refusal({.code = ErrorCode::BadRequest, .message = "Say with key which one it is: an admin token is none.", .where = "key"}));
    show(ask.gateway, ask.context, asked, [](const config::VirtualKey &key, Json info) { return Json {{"key", key.id}, {"info", std::move(info)}}; }, done);
}

void updateKey(Ask ask, Done done)
{
    auto fields = readKeyFields(ask.body, KeyCall::Update, now());
    if (!fields)
        return done(refusal(fields.error()));
    const api::ConfigPtr present = ask.gateway.config();
    const config::VirtualKey *found = findKey(ask.gateway, *present, fields->key);
    if (found == nullptr)
        return done(refusal(noSuchKey("key")));
    const std::string id = found->id;
    Edit edit {.note = fmt::format("key {} changed", found->name)};
    edit.change = [id, fields = *fields](config::Config &next) -> Changed {
        const auto key = std::ranges::find(next.keys, id, &config::VirtualKey::id);
        if (key == next.keys.end())
            return Refused(refusal(noSuchKey("key")));
        if (key->origin == config::Origin::File)
            return Refused(refusal(ownedByFile(*key)));
        if (const auto wrong = fields.layOver(*key, next))
            return Refused(refusal(*wrong));
        if (isTaken(next, key->name, id))
            return Refused(refusal(nameTaken(key->name)));
        return placeOf(static_cast<std::size_t>(key - next.keys.begin()));
    };
    edit.show = [id, notTaken = fields->notTaken](api::Gateway &gateway, QObject *context, const Done &answered) { show(gateway, context, id, edited(notTaken), answered); };
    makeEdit(std::move(ask), std::move(edit), std::move(done));
}

/// The ids of the keys that a body of {"keys": [...], "key_aliases": [...]} names.
Result<std::set<std::string>> namedKeys(const Ask &ask)
{
    auto object = readObject(ask.body);
    if (!object)
        return std::unexpected(object.error());
    BodyFields fields(std::move(*object));
    const auto keys = fields.texts("keys");
    const auto aliases = fields.texts("key_aliases");
    if (const auto left = fields.finish(); !left)
        return std::unexpected(left.error());
    const api::ConfigPtr now = ask.gateway.config();
    std::set<std::string> ids;
    for (const auto &[field, names] : {std::pair("keys", &keys), std::pair("key_aliases", &aliases)}) {
        for (const std::string &name : names->value_or(std::vector<std::string>())) {
            const config::VirtualKey *key = findKey(ask.gateway, *now, name);
            if (key == nullptr)
                return std::unexpected(noSuchKey(field));
            ids.insert(key->id);
        }
    }
    if (ids.empty())
        return fail(ErrorCode::BadRequest, "Say with keys, or with key_aliases, which are to be deleted.", "keys");
    return ids;
}

/// All of them or none, as one revision.
void deleteKeys(Ask ask, Done done)
{
    const auto ids = namedKeys(ask);
    if (!ids)
        return done(refusal(ids.error()));
    Edit edit {.note = fmt::format("{} removed", ids->size() == 1 ? "key" : "keys")};
    edit.change = [ids = *ids](config::Config &next) -> Changed {
        for (const std::string &id : ids) {
            const auto key = std::ranges::find(next.keys, id, &config::VirtualKey::id);
            if (key == next.keys.end())
                return Refused(refusal(noSuchKey("keys")));
            if (key->origin == config::Origin::File)
                return Refused(refusal(ownedByFile(*key)));
            next.keys.erase(key);
        }
        return std::string("keys");
    };
    edit.show = [ids = *ids](api::Gateway &, QObject *, const Done &answered) { answered(answer(Json {{"deleted_keys", ids}})); };
    makeEdit(std::move(ask), std::move(edit), std::move(done));
}

} // namespace
} // namespace gateway::admin::litellm

namespace gateway::admin {

void addLiteLlmKeyEndpoints(std::vector<Endpoint> &table)
{
    table.push_back({.method = "POST", .path = "/key/generate", .handler = litellm::generateKey, .summary = "LiteLLM's call: makes a key. Its secret is in the answer, this once.", .body = "litellm.key", .answer = "litellm.key.answer"});
    table.push_back({.method = "GET", .path = "/key/info", .least = Role::Analyst, .handler = litellm::keyOf, .summary = "LiteLLM's call: a key, by secret, token or alias, and what it spent.", .query = {"key"}, .answer = "litellm.key.info"});
    table.push_back({.method = "POST", .path = "/key/update", .handler = litellm::updateKey, .summary = "LiteLLM's call: changes the fields of a key that are sent.", .body = "litellm.key", .answer = "litellm.key.answer"});
    table.push_back({.method = "POST", .path = "/key/delete", .handler = litellm::deleteKeys, .summary = "LiteLLM's call: removes keys, all that are named or none.", .body = "litellm.keys", .answer = "litellm.deleted"});
}

} // namespace gateway::admin
