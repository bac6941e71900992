// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/admin/schemas.h"

#include "gateway/admin/answers.h"
#include "gateway/api/privacy_tools.h"
#include "gateway/config/entry_lists.h"
#include "gateway/core/mark_colour.h"

#include <fmt/format.h>
#include <initializer_list>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::admin {

namespace {

using Json = nlohmann::ordered_json;

Json objectSchema(std::string_view about)
{
    return {{"type", "object"}, {"description", about}};
}

Json textSchema()
{
    return {{"type", "string"}};
}

Json numberSchema()
{
    return {{"type", "integer"}};
}

Json flagSchema()
{
    return {{"type", "boolean"}};
}

Json orNull(std::string_view type)
{
    return {{"type", {type, "null"}}};
}

Json listOf(Json item)
{
    return {{"type", "array"}, {"items", std::move(item)}};
}

Json reference(std::string_view name)
{
    return {{"$ref", fmt::format("#/components/schemas/{}", name)}};
}

Json named(Json properties)
{
    return {{"type", "object"}, {"properties", std::move(properties)}};
}

/// An object of an answer: all that is named is there.
Json answered(Json properties)
{
    Json required = Json::array();
    for (const auto &[name, schema] : properties.items())
        required.push_back(name);
    Json object = named(std::move(properties));
    object["required"] = std::move(required);
    return object;
}

Json page(Json item)
{
    return answered({{"data", listOf(std::move(item))}, {"has_more", flagSchema()}, {"next", orNull("string")}});
}

/// Entries of the configuration have the fields of the configuration file: its reference is the schema, and here only what
/// all of a kind have.
Json entrySchema(std::string_view kind)
{
    Json properties {{"name", {{"type", "string"}, {"minLength", 1}}}};
    Json required = Json::array({"name"});
    if (kind == "key") {
        properties["team"] = textSchema();
        properties["models"] = listOf(textSchema());
        properties["expires"] = textSchema();
        properties["allow_from"] = listOf(textSchema());
        properties["permissions"] = listOf({{"enum", {"call", "passthrough", "read_log"}}});
        properties["metadata"] = {{"type", "object"}, {"additionalProperties", textSchema()}};
        properties["defaults"] = named({{"route", textSchema()}, {"max_tokens", {{"type", "integer"}, {"minimum", 1}, {"maximum", 999'999'999}}}});
    } else if (kind == "admin-token") {
        properties["role"] = {{"enum", {"owner", "admin", "analyst"}}};
        properties["secret"] = textSchema();
        required.push_back("role");
    } else if (kind == "provider") {
        properties["kind"] = textSchema();
        properties["base_url"] = textSchema();
        required.push_back("kind");
    } else if (kind == "privacy-policy") {
        properties["extends"] = textSchema();
        properties["answers"] = flagSchema();
        properties["rules"] = listOf(objectSchema("A rule: what it detects, and what becomes of that."));
        properties["guardrails"] = listOf(objectSchema("A guardrail: what a call or its answer has to be like."));
    } else if (kind == "alert") {
        properties["enabled"] = flagSchema();
        properties["severity"] = {{"enum", {"info", "warning", "critical"}}};
        properties["when"] = objectSchema("When it fires: metric, scope, subject, one of above, below and deviates, window, for, min_calls.");
        properties["notify"] = listOf(textSchema());
        properties["secret"] = textSchema();
        required.push_back("when");
    } else if (kind == "report") {
        properties["enabled"] = flagSchema();
        properties["team"] = textSchema();
        properties["per"] = {{"enum", {"week", "month"}}};
        properties["at"] = {{"type", "string"}, {"pattern", R"(^[0-2][0-9]:[0-5][0-9]$)"}};
        properties["time_zone"] = textSchema();
        properties["folder"] = textSchema();
        properties["email"] = listOf(textSchema());
    } else if (kind == "route") {
        properties["plan"] = objectSchema("The plan's first node.");
        properties["prompt_cache"] = named({{"marks", {{"enum", {"off", "auto"}}}}, {"ttl", {{"enum", {"5m", "1h"}}}}});
        properties["prompt_cache"]["description"] = "Marks for the provider's own cache of what prompts begin with: set where they pay and the caller set none (auto), or never.";
        required.push_back("plan");
    }
    Json schema = named(std::move(properties));
    schema["required"] = std::move(required);
    schema["description"] = fmt::format("A {}, with the fields of the configuration file; answers add id, origin and revision.", kind);
    return schema;
}

void addEntrySchemas(Json &all)
{
    config::forEachList([&](const auto &list) {
        const std::string kind(list.kind);
        all[kind] = entrySchema(kind);
        Json one = named({{"id", textSchema()}, {"name", textSchema()}, {"origin", textSchema()}, {"revision", numberSchema()}, {"secret", textSchema()}});
        one["required"] = {"id", "name", "revision"};
        all[kind + ".answer"] = std::move(one);
        all[kind + ".page"] = page(reference(kind + ".answer"));
    });
}

Json choiceSchema(std::initializer_list<std::string_view> words)
{
    return {{"enum", Json(std::vector<std::string_view>(words))}};
}

/// Money and prices: a number, or its decimal text.
Json dollarsSchema()
{
    return {{"oneOf", {{{"type", "number"}, {"minimum", 0}}, {{"type", "string"}, {"pattern", R"(^[0-9]+(\.[0-9]{1,9})?$)"}}}}};
}

Json countSchema()
{
    return {{"type", "integer"}, {"minimum", 1}};
}

/// What answers add to the fields that were sent.
Json ruleAnswer()
{
    Json one = named({{"id", textSchema()}, {"scope", textSchema()}, {"name", textSchema()}, {"origin", textSchema()}, {"revision", numberSchema()}, {"state", orNull("object")}});
    one["required"] = {"id", "scope", "origin", "revision", "state"};
    return one;
}

Json ruleSchema(Json fields, std::string_view about)
{
    fields["scope"] = choiceSchema({"organisation", "team", "key", "customer", "provider", "route", "tag"});
    fields["name"] = textSchema();
    fields["endpoint"] = textSchema();
    Json schema = named(std::move(fields));
    schema["description"] = about;
    return schema;
}

void addRuleSchemas(Json &all)
{
    const Json raise = answered({{"to", dollarsSchema()}, {"until", textSchema()}});
    const Json share {{"type", "number"}, {"exclusiveMinimum", 0}, {"maximum", 1}};
    all["budget"] = ruleSchema({{"amount", dollarsSchema()}, {"per", choiceSchema({"hour", "day", "week", "month", "total"})}, {"time_zone", textSchema()}, {"warn_at", listOf(share)}, {"on_breach", textSchema()},
                                {"exact", flagSchema()}, {"unknown_price", choiceSchema({"allow", "block"})}, {"raise", raise}},
                               "A budget, with the fields of the configuration file, and the scope and name of whose it is. Answers add id, origin, revision (the configuration's) and state: what is spent and reserved now.");
    all["budget"]["required"] = Json::array({"amount"});
    all["limit"] = ruleSchema({{"rpm", countSchema()}, {"tpm", countSchema()}, {"tpd", countSchema()}, {"parallel", countSchema()}},
                              "A limit, with the fields of the configuration file, and the scope and name of whose it is. Answers add id, origin, revision (the configuration's) and state: what is counted now.");
    for (const std::string rule : {"budget", "limit"}) {
        all[rule + ".answer"] = ruleAnswer();
        all[rule + ".page"] = page(reference(rule + ".answer"));
    }
}

void addPriceSchemas(Json &all)
{
    Json fields {{"provider", textSchema()}, {"model", textSchema()}};
    for (const char *price : {"input_per_mtok", "output_per_mtok", "cached_input_per_mtok", "cache_write_per_mtok", "cache_write_1h_per_mtok", "audio_input_per_mtok", "cached_audio_per_mtok", "audio_output_per_mtok"})
        fields[price] = dollarsSchema();
    for (const char *count : {"context", "max_output"})
        fields[count] = countSchema();
    for (const char *flag : {"tools", "vision", "json_schema", "audio"})
        fields[flag] = flagSchema();
    all["price"] = named(std::move(fields));
    all["price"]["description"] = "What the configuration says of a model over the catalogue: the fields of a provider's `models`. Answers add effective, which is what calls are priced by.";
    all["price.answer"] = named({{"id", textSchema()}, {"provider", textSchema()}, {"model", textSchema()}, {"overridden", flagSchema()}, {"effective", objectSchema("Figures that hold.")}, {"tier", orNull("object")},
                                 {"priced", flagSchema()}, {"source", orNull("string")}, {"source_date", orNull("string")}, {"origin", textSchema()}, {"revision", numberSchema()}});
    all["price.answer"]["required"] = {"id", "provider", "model", "overridden", "effective", "priced", "revision"};
    all["price.page"] = page(reference("price.answer"));
}

Json orNullCount()
{
    return {{"type", {"integer", "null"}}, {"minimum", 1}};
}

/// What keys and teams of LiteLLM's calls have both.
Json liteLlmQuota()
{
    return {{"max_budget", {{"type", {"number", "string", "null"}}, {"minimum", 0}}}, {"budget_duration", orNull("string")}, {"tpm_limit", orNullCount()}, {"rpm_limit", orNullCount()}, {"tpd_limit", orNullCount()},
            {"max_parallel_requests", orNullCount()}, {"metadata", orNull("object")}};
}

Json liteLlmEntry(Json fields, std::initializer_list<std::string_view> required)
{
    fields["spend"] = {{"type", "number"}};
    fields["budget_reset_at"] = orNull("string");
    fields["signalbox_not_taken"] = listOf(textSchema());
    Json schema = named(std::move(fields));
    schema["required"] = std::vector<std::string_view>(required);
    return schema;
}

/// LiteLLM's documentation says what its fields mean; here is what is taken of them.
void addLiteLlmSchemas(Json &all)
{
    Json key = liteLlmQuota();
    key.update({{"key", orNull("string")}, {"key_alias", orNull("string")}, {"duration", orNull("string")}, {"models", {{"type", {"array", "null"}}, {"items", textSchema()}}}, {"team_id", orNull("string")}});
    Json team = liteLlmQuota();
    team.update({{"team_alias", orNull("string")}, {"team_id", orNull("string")}, {"models", {{"type", {"array", "null"}}, {"items", textSchema()}}}});
    all["litellm.key"] = named(key);
    all["litellm.key"]["description"] = "A key of LiteLLM's. Fields that only describe and are not kept are told in the answer's signalbox_not_taken; one that would hold the key back and cannot is refused, as is one that nobody knows.";
    all["litellm.team"] = named(team);
    all["litellm.team"]["description"] = "A team of LiteLLM's. What is not taken is told as with keys.";
    key.erase("duration");
    all["litellm.key.answer"] = liteLlmEntry(key, {"key", "token", "key_alias", "spend", "signalbox_not_taken"});
    all["litellm.team.answer"] = liteLlmEntry(team, {"team_id", "team_alias", "spend", "signalbox_not_taken"});
    all["litellm.key.info"] = answered({{"key", textSchema()}, {"info", liteLlmEntry(key, {"token", "key_alias", "spend"})}});
    all["litellm.team.info"] = answered({{"team_id", textSchema()}, {"team_info", liteLlmEntry(team, {"team_id", "team_alias", "spend"})}, {"keys", listOf(liteLlmEntry(key, {"token", "key_alias", "spend"}))}});
    all["litellm.keys"] = named({{"keys", {{"type", {"array", "null"}}, {"items", textSchema()}}}, {"key_aliases", {{"type", {"array", "null"}}, {"items", textSchema()}}}});
    all["litellm.deleted"] = answered({{"deleted_keys", listOf(textSchema())}});
    Json spent = named({{"startTime", textSchema()}, {"spend", orNull("number")}, {"request_id", textSchema()}, {"api_key", textSchema()}, {"models", objectSchema("Spend by model, of a day.")}});
    spent["required"] = {"startTime", "spend"};
    all["litellm.spend"] = listOf(std::move(spent));
    all["litellm.models"] = answered({{"data", listOf(answered({{"model_name", textSchema()}, {"litellm_params", objectSchema("The target.")}, {"model_info", objectSchema("Its limits and prices.")}}))}});
}

void addPromptSchemas(Json &all)
{
    const Json text = textSchema();
    const Json number = numberSchema();
    const Json figure {{"type", "number"}};
    const Json which {{"oneOf", {{{"type", "integer"}, {"minimum", 1}}, {{"type", "string"}}}}};
    const Json variables = objectSchema("Values by the variables' names.");
    Json version = named({{"model", text}, {"messages", listOf(named({{"role", choiceSchema({"system", "developer", "user", "assistant"})}, {"content", text}}))}, {"labels", listOf(text)}});
    version["required"] = Json::array({"messages"});
    version["description"] = "A version, with the fields of the configuration file but its number, which it gets by itself.";
    all["prompt_version"] = version;
    all["prompt_label"] = named({{"label", text}, {"version", {{"type", {"integer", "null"}}, {"minimum", 1}}}});
    all["prompt_label"]["required"] = {"label", "version"};
    all["prompt_import"] = named({{"call_id", text}, {"name", text}, {"folder", text}});
    all["prompt_import"]["required"] = {"call_id", "name"};
    all["prompt_values"] = named({{"version", which}, {"draft", version}, {"variables", variables}});
    all["prompt_rendered"] = answered({{"version", orNull("integer")}, {"request", objectSchema("A request of OpenAI's chat API.")}});
    all["prompt_diff"] = answered({{"parts", listOf(answered({{"what", text}, {"lines", listOf(answered({{"kind", choiceSchema({"equal", "removed", "added"})}, {"text", text}}))}}))}, {"from", number}, {"to", number}});
    all["prompt_results"] = answered({{"data", listOf(answered({{"version", number}, {"labels", listOf(text)}, {"calls", number}, {"failed", number}, {"refused", number}, {"cost", text}, {"unpriced", number}, {"input_tokens", number},
                                                                {"output_tokens", number}, {"p50_ms", orNull("number")}, {"p95_ms", orNull("number")}, {"feedback", answered({{"count", number}, {"mean", orNull("number")}})}}))}});
    Json test = named({{"name", text}, {"variables", variables}, {"matches", listOf(text)}, {"not_matches", listOf(text)}, {"schema", objectSchema("A JSON Schema that the answer keeps to.")}});
    test["required"] = Json::array({"name"});
    all["prompt_test_set"] = named({{"name", text}, {"cases", listOf(std::move(test))}});
    all["prompt_test_set"]["required"] = Json::array({"name"});
    all["prompt_test_run"] = named({{"versions", listOf(which)}, {"route", text}});
    Json cell = named({{"version", number}, {"case", text}, {"result", choiceSchema({"passed", "failed", "not_run"})}, {"failures", listOf(text)}, {"text", text}, {"call_id", orNull("string")}, {"error", orNull("string")},
                       {"latency_ms", orNull("number")}, {"cost", orNull("string")}});
    cell["required"] = {"version", "case", "result", "failures"};
    all["prompt_tests"] = answered({{"data", listOf(std::move(cell))}, {"totals", listOf(answered({{"version", number}, {"passed", number}, {"failed", number}, {"not_run", number}, {"cost", text}}))}});
    all["feedback"] = named({{"value", {{"type", "number"}, {"minimum", -1}, {"maximum", 1}}}, {"weight", {{"type", "number"}, {"exclusiveMinimum", 0}, {"maximum", 1}}}, {"comment", text}, {"metadata", objectSchema("Whatever belongs to it.")}});
    all["feedback"]["required"] = Json::array({"value"});
    const Json colour {{"oneOf", {{{"enum", markColours}}, {{"type", "integer"}, {"minimum", 0}, {"maximum", markColours.size()}}, {{"type", "null"}}}}};
    all["mark"] = named({{"colour", colour}, {"comment", {{"type", {"string", "null"}}, {"maxLength", longestMarkComment}}}});
    all["mark.answer"] = answered({{"call_id", text}, {"colour", orNull("string")}, {"comment", orNull("string")}});
    all["feedback.answer"] = answered({{"call_id", text}, {"value", figure}, {"weight", figure}});
}

Json errorSchema()
{
    Json problem = answered({{"field", textSchema()}, {"message", textSchema()}, {"warning", flagSchema()}});
    Json error = named({{"message", textSchema()}, {"type", textSchema()}, {"param", orNull("string")}, {"code", orNull("string")}, {"problems", listOf(std::move(problem))}});
    error["required"] = {"message", "type", "code"};
    return answered({{"error", std::move(error)}});
}

Json auditSchema()
{
    Json entry = answered({{"row", numberSchema()}, {"at", textSchema()}, {"who", textSchema()}, {"from", textSchema()}, {"kind", textSchema()}, {"name", textSchema()},
                           {"action", textSchema()}, {"revision", numberSchema()}, {"diff", textSchema()}});
    return page(std::move(entry));
}

void addCacheSchemas(Json &all)
{
    const Json text = textSchema(), number = numberSchema(), figure {{"type", "number"}}, flag = flagSchema(), maybe = orNull("string");
    Json counts {{"hits", number}, {"semantic_hits", number}, {"misses", number}, {"saved", text}, {"saved_ms", figure}};
    Json now {{"entries", number}, {"bytes", number}, {"stored", number}, {"restored", number}, {"evicted", number}, {"expired", number}, {"purged", number}, {"too_large", number},
              {"waiting", number}, {"shared", number}, {"questions", number}, {"embedder", maybe}, {"persist", flag}, {"problem", maybe}};
    Json savings {{"team", maybe}, {"route", maybe}};
    now.update(counts);
    savings.update(counts);
    const Json entry = answered({{"key", text}, {"namespace", maybe}, {"team", maybe}, {"route", text}, {"provider", text}, {"model", text}, {"endpoint", text}, {"call", text}, {"stream", flag},
                                 {"bytes", number}, {"hits", number}, {"cost", maybe}, {"latency_ms", figure}, {"stored_at", text}, {"expires_at", text}, {"question", maybe}});
    const Json review = answered({{"id", number}, {"at", text}, {"call", text}, {"answer_from", text}, {"team", maybe}, {"route", text}, {"embedder", text}, {"similarity", figure},
                                  {"threshold", figure}, {"asked", text}, {"kept", text}, {"verdict", text}});
    Json verdict = named({{"id", number}, {"verdict", {{"enum", {"open", "right", "wrong"}}}}});
    verdict["required"] = {"id", "verdict"};
    Json reviews = page(review);
    reviews["properties"]["rates"] = listOf(answered({{"threshold", figure}, {"judged", number}, {"wrong", number}, {"false_hit_rate", orNull("number")}}));
    all["cache"] = answered({{"now", answered(std::move(now))}, {"savings", listOf(answered(std::move(savings)))}});
    all["cache.purged"] = answered({{"purged", number}});
    all["cache.entries"] = answered({{"data", listOf(entry)}});
    all["cache.reviews"] = std::move(reviews);
    all["cache.review"] = review;
    all["cache.verdict"] = std::move(verdict);
}

void addAlertSchemas(Json &all)
{
    const Json text = textSchema(), number = numberSchema(), figure {{"type", "number"}}, flag = flagSchema(), maybe = orNull("string"), maybeFigure = orNull("number");
    const Json firing = answered({{"number", orNull("integer")}, {"alert", text}, {"name", text}, {"subject", maybe}, {"metric", text}, {"severity", text}, {"pending_since", text}, {"fired_at", text},
                                  {"resolved_at", maybe}, {"value", figure}, {"peak", figure}, {"level", maybeFigure}, {"told", flag}, {"acknowledged_by", maybe}});
    const Json delivery = answered({{"number", number}, {"firing", orNull("integer")}, {"alert", text}, {"name", text}, {"subject", maybe}, {"word", choiceSchema({"fired", "reminder", "resolved", "test"})},
                                    {"channel", text}, {"target", maybe}, {"at", text}, {"attempt", number}, {"delivered", flag}, {"last", flag}, {"detail", text}});
    const Json status = answered({{"alert", text}, {"name", maybe}, {"subject", maybe}, {"state", choiceSchema({"ok", "pending", "firing"})}, {"since", maybe}, {"value", maybeFigure}, {"lower", maybeFigure},
                                  {"upper", maybeFigure}, {"calls", number}, {"firing", orNull("integer")}, {"acknowledged_by", maybe}, {"muted_until", maybe}});
    const Json point = answered({{"at", text}, {"value", maybeFigure}, {"lower", maybeFigure}, {"upper", maybeFigure}});
    Json mute = answered({{"alert", text}, {"subject", maybe}, {"until", text}});
    mute["required"] = Json::array({"alert", "until"});
    all["alert.states"] = answered({{"at", maybe}, {"problem", maybe}, {"data", listOf(status)}, {"mutes", listOf(mute)}, {"quiet", listOf(text)}});
    all["alert.firings"] = page(firing);
    all["alert.deliveries"] = page(delivery);
    all["alert.tested"] = answered({{"data", listOf(delivery)}});
    all["alert.preview"] = named({{"alert", {{"oneOf", {text, reference("alert")}}}}, {"from", text}, {"to", text}});
    all["alert.preview"]["required"] = Json::array({"alert"});
    all["alert.previewed"] = answered({{"from", text}, {"to", text}, {"calls", number}, {"subjects", number}, {"fired", number}, {"told", number}, {"firings", listOf(firing)},
                                       {"series", listOf(answered({{"subject", maybe}, {"firings", number}, {"points", listOf(point)}}))}});
    all["alert.mute"] = named({{"for", text}, {"until", text}, {"subject", maybe}});
    all["alert.muted"] = answered({{"muted_until", text}});
    all["alert.subject"] = named({{"subject", maybe}});
    all["alert.acknowledged"] = answered({{"acknowledged", number}});
}

void addCallGroupSchemas(Json &all)
{
    const Json text = textSchema(), number = numberSchema(), flag = flagSchema(), maybe = orNull("string");
    const Json value = answered({{"value", maybe}, {"calls", number}});
    const Json cause = answered({{"cause", text}, {"provider", maybe}, {"error", maybe}, {"http_status", number}, {"message", text}, {"refused", flag}, {"calls", number}, {"first", text}, {"last", text},
                                 {"routes", listOf(value)}, {"teams", listOf(value)}, {"samples", listOf(text)}});
    all["facets"] = answered({{"calls", number}, {"complete", flag}, {"facets", listOf(answered({{"field", text}, {"values", listOf(value)}, {"more", number}, {"calls", number}, {"complete", flag}}))}});
    all["causes"] = answered({{"calls", number}, {"others", number}, {"complete", flag}, {"since", text}, {"data", listOf(cause)}});
    all["call_tree"] = answered({{"calls", number}, {"failed", number}, {"refused", number}, {"cancelled", number}, {"cost", text}, {"unpriced", number}, {"input_tokens", number}, {"output_tokens", number},
                                 {"first", text}, {"last", text}, {"complete", flag}, {"data", listOf(reference("call"))}});
}

void addReportSchemas(Json &all)
{
    const Json text = textSchema(), number = numberSchema(), flag = flagSchema(), maybe = orNull("string");
    const Json run = answered({{"report", text}, {"name", text}, {"period", text}, {"at", text}, {"by_hand", flag}, {"file", maybe}, {"sent", number}, {"unsent", listOf(text)}, {"problem", maybe}, {"over", flag}});
    Json last = run;
    last["type"] = {"object", "null"};
    all["report.run"] = run;
    all["report.runs"] = answered({{"data", listOf(run)}});
    all["report.states"] = answered({{"problem", maybe}, {"data", listOf(answered({{"report", text}, {"name", maybe}, {"busy", flag}, {"next", maybe}, {"last", last}}))}});
    all["report.made"] = named({{"file_name", text}, {"report", objectSchema("Figures; the format json, which is the usual one.")}, {"html", text}, {"sheet", objectSchema("What a PDF is drawn from.")}});
    all["report.made"]["required"] = Json::array({"file_name"});
}

Json appliedSchema()
{
    Json warning = answered({{"field", textSchema()}, {"message", textSchema()}});
    Json applied = named({{"applied", flagSchema()}, {"revision", numberSchema()}, {"changes", textSchema()}, {"warnings", listOf(std::move(warning))}});
    applied["required"] = {"applied", "changes"};
    return applied;
}

Json rollbackSchema()
{
    Json rollback = named({{"revision", {{"type", "integer"}, {"minimum", 1}}}, {"note", {{"type", "string"}, {"maxLength", longestNote}}}});
    rollback["required"] = Json::array({"revision"});
    rollback["additionalProperties"] = false;
    return rollback;
}

} // namespace

Json schemas()
{
    const Json text = textSchema();
    const Json number = numberSchema();
    const Json figure {{"type", "number"}};
    const Json textOrObject {{"oneOf", {{{"type", "string"}}, {{"type", "object"}}}}};
    Json call = named({{"id", text}, {"started_at", text}, {"endpoint", text}, {"status", text}, {"http_status", number}, {"latency_ms", orNull("number")}, {"cost", orNull("string")}});
    call["required"] = {"id", "started_at", "endpoint", "status", "http_status"};
    Json repriced = answered({{"cost", text}, {"at", text}});
    repriced["type"] = {"object", "null"};
    repriced["description"] = "What the latest re-pricing made of its cost, and when; null where none did. Its cost stays as it was logged, and so do budgets and spend.";
    Json wholeCall = call;
    wholeCall["properties"]["repriced"] = std::move(repriced);
    wholeCall["required"].push_back("repriced");
    Json all {{"error", errorSchema()},
              {"provider_test", named({{"credential", text}, {"model", text}})},
              {"key_rotation", named({{"grace", text}})},
              {"probe", answered({{"ok", flagSchema()}, {"ms", figure}, {"steps", listOf(answered({{"step", text}, {"state", text}, {"headline", text}, {"detail", text}, {"ms", figure}}))}})},
              {"rotated", answered({{"id", text}, {"name", text}, {"prefix", text}, {"secret", text}})},
              {"explain", named({{"body", textOrObject}, {"model", text}, {"endpoint", text}, {"headers", {{"type", {"object", "array"}}}}, {"key", text}, {"seed", number}, {"config", textOrObject}})},
              {"explanation", answered({{"steps", listOf(objectSchema("A node of the plan."))}, {"candidates", listOf(objectSchema("A target."))}, {"summary", text}})},
              {"replay", named({{"config", textOrObject}, {"from", text}, {"to", text}, {"filter", text}, {"sample", figure}, {"seed", number}, {"listed", number}})},
              {"replayed", answered({{"calls", number}, {"unchanged", number}, {"rerouted", number}, {"refused", number}, {"targets", listOf(objectSchema("A target."))}, {"changed", listOf(objectSchema("A call."))}})},
              {"reconcile", named({{"exports", listOf(text)}, {"providers", listOf(text)}, {"tolerance", figure}})},
              {"reconciled", answered({{"billed", objectSchema("What the bill has.")}, {"logged", objectSchema("What the log has.")}, {"drift", orNull("string")},
                                       {"causes", listOf(answered({{"cause", text}, {"drift", text}}))},
                                       {"rows", listOf(answered({{"day", text}, {"model", text}, {"billed", objectSchema("Of the bill.")}, {"logged", objectSchema("Of the log.")}, {"drift", orNull("string")}, {"cause", text}, {"why", text}}))},
                                       {"notes", listOf(text)}})},
              {"cost_anomalies", answered({{"data", listOf(answered({{"by", text}, {"name", orNull("string")}, {"from", text}, {"to", text}, {"unusual", listOf(text)}, {"cost", text}, {"usual_cost", text}, {"excess", text},
                                                                     {"calls", number}, {"tokens_per_call", figure}, {"usual_tokens_per_call", figure}, {"filter", text},
                                                                     {"drivers", listOf(answered({{"of", objectSchema("Names by field: whose calls they are.")}, {"share", figure}}))}}))}})},
              {"cost_savings", answered({{"data", listOf(objectSchema("A group's savings."))}, {"buckets", listOf(objectSchema("A time's savings."))}, {"totals", objectSchema("All savings.")}, {"paid", text}, {"notes", listOf(text)}})},
              {"reprice", named({{"from", text}, {"to", text}, {"filter", text}, {"dry_run", {{"type", "boolean"}}}})},
              {"repriced", objectSchema("The run's number; of a dry run data by provider and model, and totals.")},
              {"reprice_runs", answered({{"data", listOf(objectSchema("A run: what was asked, its state, how far it is, and what came of it."))}})},
              {"privacy_try", named({{"text", text}, {"policy", textOrObject}, {"as", {{"enum", {"request", "answer"}}}}})},
              {"privacy_tried", answered({{"policy", text}, {"spans", listOf(answered({{"from", number}, {"to", number}, {"text", text}, {"rule", text}, {"label", text}, {"score", figure}, {"action", text}}))},
                                          {"guardrails", listOf(answered({{"guardrail", text}, {"kind", text}, {"action", text}, {"found", number}, {"why", text}}))}, {"scrubbed", text},
                                          {"blocked_by", orNull("string")}, {"not_asked", listOf(text)}})},
              {"privacy_dry_run", named({{"policy", textOrObject}, {"calls", {{"type", "integer"}, {"minimum", 1}, {"maximum", api::PrivacyDryRun::mostCalls}}}})},
              {"privacy_dry_ran", answered({{"policy", text}, {"calls", number}, {"without_body", number}, {"blocked", number}, {"scrubbed_before", number},
                                            {"rules", listOf(answered({{"rule", text}, {"action", text}, {"found", number}, {"calls", number}, {"samples", listOf(text)}}))},
                                            {"guardrails", listOf(answered({{"guardrail", text}, {"kind", text}, {"action", text}, {"found", number}, {"calls", number}}))}, {"not_asked", listOf(text)}})},
              {"webhook_address", named({{"url", text}})},
              {"webhook_secret", answered({{"url", text}, {"secret", text}})},
              {"configuration", objectSchema("A configuration, as the file has it; YAML is taken too.")},
              {"applied", appliedSchema()},
              {"rollback", rollbackSchema()},
              {"versions", answered({{"data", listOf(answered({{"revision", number}, {"at", text}, {"author", text}, {"note", text}}))}})},
              {"audit", auditSchema()},
              {"calls", page(call)},
              {"usage", objectSchema("What was used, by group and time.")},
              {"call", call},
              {"call.whole", wholeCall},
              {"text", answered({{"openapi", text}, {"info", objectSchema("What this is.")}, {"paths", objectSchema("Endpoints.")}})}};
    addEntrySchemas(all);
    addRuleSchemas(all);
    addPriceSchemas(all);
    addCacheSchemas(all);
    addLiteLlmSchemas(all);
    addPromptSchemas(all);
    addAlertSchemas(all);
    addCallGroupSchemas(all);
    addReportSchemas(all);
    return all;
}

} // namespace gateway::admin
