// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/admin/answers.h"
#include "gateway/admin/edit.h"
#include "gateway/admin/endpoint.h"
#include "gateway/admin/entry_json.h"
#include "gateway/admin/find_entry.h"
#include "gateway/admin/json_body.h"
#include "gateway/admin/prompt_json.h"
#include "gateway/api/prompt_tools.h"
#include "gateway/config/prompt_edit.h"
#include "gateway/core/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <utility>

namespace gateway::admin {

namespace {

using Json = nlohmann::ordered_json;

/// The prompt that the path means, by id or name.
Result<config::Prompt> promptOf(const Ask &ask)
{
    const api::ConfigPtr now = ask.gateway.config();
    const auto found = findEntry(now->prompts, ask.argument());
    if (found == now->prompts.end())
        return std::unexpected(noSuchEntry("prompt", ask.argument(), now->prompts));
    return *found;
}

/// @param which  a number or a label; empty: the usual one
Result<config::PromptVersion> versionOf(const config::Prompt &prompt, const std::string &which, const char *field)
{
    if (const config::PromptVersion *version = config::findVersion(prompt, which))
        return *version;
    return fail(ErrorCode::NotFound, fmt::format("The prompt {} has no version or label {}.", jsonQuoted(prompt.name), jsonQuoted(truncatedUtf8(which, 80))), field);
}

/// A version as a body names it: 3, "3" or "staging".
std::string whichIn(const Json &value)
{
    return value.is_number_integer() ? value.dump() : value.is_string() ? value.get<std::string>() : std::string();
}

Result<api::PromptTools *> toolsOf(const Ask &ask)
{
    if (api::PromptTools *tools = ask.gateway.promptTools())
        return tools;
    return fail(ErrorCode::NotSupported, "This gateway does nothing with prompts.");
}

/// Answers with a prompt as it now is.
void show(api::Gateway &gateway, QObject *context, const std::string &name, int status, const Done &done)
{
    const api::ConfigPtr now = gateway.config();
    const auto found = std::ranges::find(now->prompts, name, &config::Prompt::name);
    if (found == now->prompts.end())
        return done(refusal(noSuchEntry("prompt", name, now->prompts)));
    gateway.heldSince("prompt", {found->id}, context, [now, prompt = &*found, status, done](const Result<std::vector<std::uint64_t>> &since) {
        if (!since)
            return done(refusal(since.error()));
        pipeline::AdminReply reply = answer(entryJson(*prompt, since->front()), status);
        reply.headers = etagLine(since->front());
        done(std::move(reply));
    });
}

using Change = std::function<Result<>(config::Prompt &prompt)>;

/// Edits the prompt that the path means, whatever else is edited meanwhile.
void edit(Ask ask, std::string words, int status, Change change, Done done)
{
    const auto prompt = promptOf(ask);
    if (!prompt)
        return done(refusal(prompt.error()));
    if (prompt->origin == config::Origin::File)
        return done(refusal({.code = ErrorCode::Conflict, .message = fmt::format("The prompt {} comes from the configuration file. Change it there.", jsonQuoted(prompt->name))}));
    Edit made {.note = fmt::format("prompt {}: {}", prompt->name, words)};
    made.change = [id = prompt->id, change = std::move(change)](config::Config &next) -> std::expected<std::string, pipeline::AdminReply> {
        const auto place = std::ranges::find(next.prompts, id, &config::Prompt::id);
        if (place == next.prompts.end())
            return std::unexpected(refusal({.code = ErrorCode::NotFound, .message = "The prompt was removed meanwhile."}));
        if (auto changed = change(*place); !changed)
            return std::unexpected(refusal(changed.error()));
        return fmt::format("prompts[{}].", place - next.prompts.begin());
    };
    made.show = [name = prompt->name, status](api::Gateway &gateway, QObject *context, const Done &answered) { show(gateway, context, name, status, answered); };
    makeEdit(std::move(ask), std::move(made), std::move(done));
}

/// Whose and when a version is, where its body does not say.
void stamp(config::PromptVersion &version, const std::string &author)
{
    if (version.author.empty())
        version.author = author;
    if (version.createdAt == WallTime {})
        version.createdAt = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

void addVersion(const Ask &ask, const Done &done)
{
    const auto body = readObject(ask.body);
    const auto prompt = promptOf(ask);
    if (!body || !prompt)
        return done(refusal(body ? prompt.error() : body.error()));
    auto version = readVersion(*body, prompt->name);
    if (!version)
        return done(refusal(version.error()));
    stamp(*version, ask.author);
    edit(ask, "new version", 201,
         [version = std::move(*version)](config::Prompt &next) -> Result<> {
             const std::int64_t number = config::addVersion(next, version);
             for (const std::string &label : version.labels) {
                 if (auto moved = config::moveLabel(next, label, number); !moved)
                     return moved;
             }
             return {};
         },
         done);
}

/// {"label": "production", "version": 3}; a version of null takes the label off.
void moveLabel(const Ask &ask, const Done &done)
{
    const auto body = readObject(ask.body);
    if (!body)
        return done(refusal(body.error()));
    const std::string label = textOf(*body, "label");
    if (label.empty())
        return done(refusal({.code = ErrorCode::BadRequest, .message = "label is a text: which label is to move.", .where = "label"}));
    const auto version = body->find("version");
    if (version == body->end() || (!version->is_number_integer() && !version->is_null()))
        return done(refusal({.code = ErrorCode::BadRequest, .message = "version is the number of a version, or null to take the label off.", .where = "version"}));
    const std::string words = version->is_null() ? fmt::format("label {} taken off", label) : fmt::format("label {} to version {}", label, version->get<std::int64_t>());
    const std::optional<std::int64_t> number = version->is_null() ? std::nullopt : std::optional(version->get<std::int64_t>());
    edit(ask, words, 200, [label, number](config::Prompt &next) { return number ? config::moveLabel(next, label, *number) : config::removeLabel(next, label); }, done);
}

void diffVersions(const Ask &ask, const Done &done)
{
    const auto prompt = promptOf(ask);
    if (!prompt)
        return done(refusal(prompt.error()));
    const auto from = versionOf(*prompt, std::string(ask.asked("from")), "from");
    const auto to = versionOf(*prompt, std::string(ask.asked("to")), "to");
    if (!from || !to)
        return done(refusal(from ? to.error() : from.error()));
    Json json = diffJson(config::diff(*from, *to));
    json["from"] = from->version;
    json["to"] = to->version;
    done(answer(json));
}

/// {"version": 3, "variables": {...}}, or a draft in the place of a version: {"draft": {...}, "variables": {...}}.
void render(const Ask &ask, const Done &done)
{
    const auto body = readObject(ask.body, true);
    const auto prompt = promptOf(ask);
    const auto tools = toolsOf(ask);
    if (!body || !prompt || !tools)
        return done(refusal(!body ? body.error() : !prompt ? prompt.error() : tools.error()));
    const auto version = body->contains("draft") ? readVersion((*body)["draft"], prompt->name) : versionOf(*prompt, body->contains("version") ? whichIn((*body)["version"]) : std::string(), "version");
    if (!version)
        return done(refusal(version.error()));
    const std::string variables = body->contains("variables") ? (*body)["variables"].dump(-1, ' ', false, Json::error_handler_t::replace) : "{}";
    const auto request = (*tools)->render(prompt->name, *version, variables);
    if (!request)
        return done(refusal(request.error()));
    done(answer(Json {{"version", body->contains("draft") ? Json() : Json(version->version)}, {"request", Json::parse(*request, nullptr, false)}}));
}

/// {"call_id": "call_...", "name": "summarise", "folder": "support"}: a new prompt, or a version more of one that is there.
void importCall(const Ask &ask, const Done &done)
{
    const auto body = readObject(ask.body);
    const auto tools = toolsOf(ask);
    if (!body || !tools)
        return done(refusal(body ? tools.error() : body.error()));
    const std::string name = textOf(*body, "name"), folder = textOf(*body, "folder"), callId = textOf(*body, "call_id");
    if (name.empty() || callId.empty())
        return done(refusal({.code = ErrorCode::BadRequest, .message = "Say which call becomes which prompt: {\"call_id\": \"call_...\", \"name\": \"...\"}.", .where = name.empty() ? "name" : "call_id"}));
    (*tools)->imported(callId, ask.context, [ask, name, folder, callId, done](Result<config::PromptVersion> version) {
        if (!version)
            return done(refusal(version.error()));
        stamp(*version, ask.author);
        if (version->note.empty())
            version->note = "Imported from " + callId;
        Edit made {.note = fmt::format("prompt {} imported from {}", name, callId)};
        made.change = [name, folder, version = std::move(*version)](config::Config &next) -> std::expected<std::string, pipeline::AdminReply> {
            auto place = std::ranges::find(next.prompts, name, &config::Prompt::name);
            if (place != next.prompts.end() && place->origin == config::Origin::File)
                return std::unexpected(refusal({.code = ErrorCode::Conflict, .message = fmt::format("The prompt {} comes from the configuration file. Change it there, or choose another name.", jsonQuoted(name)), .where = "name"}));
            if (place == next.prompts.end())
                place = next.prompts.insert(place, config::Prompt {.id = {}, .name = name, .folder = folder});
            config::addVersion(*place, version);
            return fmt::format("prompts[{}].", place - next.prompts.begin());
        };
        made.show = [name](api::Gateway &gateway, QObject *context, const Done &answered) { show(gateway, context, name, 201, answered); };
        makeEdit(ask, std::move(made), done);
    });
}

void results(const Ask &ask, const Done &done)
{
    const auto prompt = promptOf(ask);
    const auto tools = toolsOf(ask);
    const auto from = timeOf(ask.asked("from"), "from");
    const auto to = timeOf(ask.asked("to"), "to");
    for (const Error *error : {prompt ? nullptr : &prompt.error(), tools ? nullptr : &tools.error(), from ? nullptr : &from.error(), to ? nullptr : &to.error()}) {
        if (error != nullptr)
            return done(refusal(*error));
    }
    TimeRange range;
    range = {.from = from->value_or(range.from), .to = to->value_or(range.to)};
    (*tools)->results(prompt->name, range, ask.context, [prompt = *prompt, done](const Result<std::vector<PromptFigures>> &figures) {
        done(figures ? answer(figuresJson(*figures, prompt)) : refusal(figures.error()));
    });
}

/// One that has the name takes the former's place.
void putTestSet(const Ask &ask, const Done &done)
{
    const auto body = readObject(ask.body);
    const auto prompt = promptOf(ask);
    if (!body || !prompt)
        return done(refusal(body ? prompt.error() : body.error()));
    auto set = readTestSet(*body, *prompt);
    if (!set)
        return done(refusal(set.error()));
    const std::string words = "test set " + set->name;
    edit(ask, words, 200,
         [set = std::move(*set)](config::Prompt &next) -> Result<> {
             const auto place = std::ranges::find(next.testSets, set.name, &config::PromptTestSet::name);
             if (place == next.testSets.end())
                 next.testSets.push_back(set);
             else
                 *place = set;
             return {};
         },
         done);
}

Error noSuchTestSet(std::string_view name)
{
    return {.code = ErrorCode::NotFound, .message = fmt::format("The prompt has no test set {}.", jsonQuoted(truncatedUtf8(name, 80)))};
}

void removeTestSet(const Ask &ask, const Done &done)
{
    const std::string name(ask.argument(1));
    edit(ask, fmt::format("test set {} removed", name), 200,
         [name](config::Prompt &next) -> Result<> {
             if (std::erase_if(next.testSets, [&](const config::PromptTestSet &set) { return set.name == name; }) == 0)
                 return std::unexpected(noSuchTestSet(name));
             return {};
         },
         done);
}

/// {"versions": [2, "staging"], "route": "smart"}: real calls. Without versions, the usual one.
void runTestSet(const Ask &ask, const Done &done)
{
    const auto body = readObject(ask.body, true);
    const auto prompt = promptOf(ask);
    const auto tools = toolsOf(ask);
    if (!body || !prompt || !tools)
        return done(refusal(!body ? body.error() : !prompt ? prompt.error() : tools.error()));
    const auto set = std::ranges::find(prompt->testSets, ask.argument(1), &config::PromptTestSet::name);
    if (set == prompt->testSets.end())
        return done(refusal(noSuchTestSet(ask.argument(1))));
    api::TestOrder order {.name = prompt->name, .versions = {}, .route = textOf(*body, "route"), .set = *set};
    const Json usual = Json::array({""});
    const Json &versions = body->contains("versions") ? (*body)["versions"] : usual;
    if (!versions.is_array() || versions.empty())
        return done(refusal({.code = ErrorCode::BadRequest, .message = "versions is a list of numbers and labels.", .where = "versions"}));
    for (const Json &which : versions) {
        auto version = versionOf(*prompt, whichIn(which), "versions");
        if (!version)
            return done(refusal(version.error()));
        order.versions.push_back(std::move(*version));
    }
    (*tools)->runTests(std::move(order), ask.context, {}, [done](const Result<std::vector<api::TestResult>> &table) { done(table ? answer(testsJson(*table)) : refusal(table.error())); });
}

void giveFeedback(const Ask &ask, std::string callId, const Json &body, const Done &done)
{
    const auto tools = toolsOf(ask);
    auto feedback = readFeedback(body);
    if (!tools || !feedback)
        return done(refusal(tools ? feedback.error() : tools.error()));
    feedback->by = ask.author;
    const Json told {{"call_id", callId}, {"value", feedback->value}, {"weight", feedback->weight}};
    (*tools)->giveFeedback({.callId = std::move(callId), .feedback = std::move(*feedback), .keyId = ask.keyId}, ask.context, [done, told](const Result<bool> &kept) { done(kept ? answer(told) : refusal(kept.error())); });
}

void feedbackOfAdmin(const Ask &ask, const Done &done)
{
    const auto body = readObject(ask.body);
    if (!body)
        return done(refusal(body.error()));
    giveFeedback(ask, std::string(ask.argument()), *body, done);
}

} // namespace

void takeFeedback(Ask ask, const pipeline::AdminRequest &request, const Done &done)
{
    ask.keyId = request.keyId;
    const auto body = readObject(request.body);
    if (!body)
        return done(refusal(body.error()));
    const std::string callId = textOf(*body, "call_id");
    if (callId.empty())
        return done(refusal({.code = ErrorCode::BadRequest, .message = "call_id says of which call: its answer has it in x-signalbox-call-id.", .where = "call_id"}));
    giveFeedback(ask, callId, *body, done);
}

void addPromptEndpoints(std::vector<Endpoint> &table)
{
    const std::string one = "/admin/v1/prompts/{id}";
    table.push_back({.method = "POST", .path = "/admin/v1/prompts/import", .handler = importCall, .summary = "Makes a prompt, or a version more of one, of what a logged call asked.", .body = "prompt_import", .answer = "prompt.answer", .status = 201});
    table.push_back({.method = "POST", .path = one + "/versions", .handler = addVersion, .summary = "Adds a version. Labels that it has move to it.", .body = "prompt_version", .answer = "prompt.answer", .status = 201});
    table.push_back({.method = "POST", .path = one + "/labels", .handler = moveLabel, .summary = "Moves a label to a version, or takes it off: publishing, and rolling back.", .body = "prompt_label", .answer = "prompt.answer"});
    table.push_back({.method = "GET", .path = one + "/diff", .least = Role::Analyst, .handler = diffVersions, .summary = "What differs between two versions, line by line.", .query = {"from", "to"}, .answer = "prompt_diff"});
    table.push_back({.method = "POST", .path = one + "/render", .least = Role::Analyst, .handler = render, .summary = "The request that a version, or a draft of one, makes of values. Nothing is sent.", .body = "prompt_values", .answer = "prompt_rendered"});
    table.push_back({.method = "GET", .path = one + "/results", .least = Role::Analyst, .handler = results, .summary = "What came of each version: calls, errors, cost, latency, tokens, feedback.", .query = {"from", "to"}, .answer = "prompt_results"});
    table.push_back({.method = "POST", .path = one + "/test-sets", .handler = putTestSet, .summary = "Adds a test set, or replaces the one of its name.", .body = "prompt_test_set", .answer = "prompt.answer"});
    table.push_back({.method = "DELETE", .path = one + "/test-sets/{set}", .handler = removeTestSet, .summary = "Removes a test set.", .answer = "prompt.answer"});
    table.push_back({.method = "POST", .path = one + "/test-sets/{set}/run", .handler = runTestSet, .summary = "Runs a test set over versions: real calls, marked as tests.", .body = "prompt_test_run", .answer = "prompt_tests"});
    table.push_back({.method = "POST", .path = "/admin/v1/calls/{id}/feedback", .handler = feedbackOfAdmin, .summary = "Says what is to be said of a call's answer.", .body = "feedback", .answer = "feedback.answer"});
}

} // namespace gateway::admin
