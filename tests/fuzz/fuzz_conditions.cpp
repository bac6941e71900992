// SPDX-License-Identifier: GPL-3.0-or-later
// A caller's body under the conditions of a plan. What a path leads to must be what a JSON parser finds there, a condition
// and its opposite never both hold, and the complexity is a number from 0 to 1 whatever stands in the text.
#include "gateway/routing/complexity.h"
#include "gateway/routing/condition.h"
#include "gateway/wire/json_path.h"
#include "gateway/wire/request_scan.h"
#include "tests/fuzz/pieces.h"

#include <nlohmann/json.hpp>

#include <array>

using namespace gateway;
using namespace gateway::routing;
using fuzz::require;
using nlohmann::json;

namespace {

using config::ConditionValue;
using config::Operator;

struct Both
{
    std::shared_ptr<const Condition> condition, opposite;
};

/// Every operator over paths that lead anywhere into a body.
std::vector<Both> conditions()
{
    std::vector<Both> all;
    FieldTable fields;
    for (const char *field : {"body.a", "body.a.0.b", "body.messages.0.content", "body.messages.1", "metadata.x.y", "body.temperature", "tokens.input", "complexity", "tags"}) {
        for (int comparison = 0; comparison < 10; ++comparison) {
            config::FieldTest test {.field = field, .comparison = static_cast<Operator>(comparison)};
            switch (test.comparison) {
            case Operator::In:
            case Operator::NotIn: test.values = {{ConditionValue::Kind::Null, ""}, {ConditionValue::Kind::Text, "x"}, {ConditionValue::Kind::Number, "1"}}; break;
            case Operator::Exists: test.values = {{ConditionValue::Kind::Bool, "true"}}; break;
            case Operator::Regex: test.values = {{ConditionValue::Kind::Text, "(a|b)*c.\\d"}}; break;
            default: test.values = {comparison % 2 == 0 ? ConditionValue {ConditionValue::Kind::Number, "0.5"} : ConditionValue {ConditionValue::Kind::Text, "n"}};
            }
            const config::Condition plain {test};
            const config::Condition inverse {config::NotOf {plain}};
            all.push_back({*Condition::compile(plain, fields), *Condition::compile(inverse, fields)});
        }
    }
    return all;
}

/// As findJson() has it: the last of two members of one name, elements by their number.
const json *follow(const json &root, const std::vector<std::string> &path)
{
    const json *at = &root;
    for (const std::string &step : path) {
        if (at->is_object() && at->contains(step)) {
            at = &(*at)[step];
        } else if (at->is_array() && !step.empty() && step.size() < 6 && step.find_first_not_of("0123456789") == std::string::npos && std::stoul(step) < at->size()) {
            at = &(*at)[std::stoul(step)];
        } else {
            return nullptr;
        }
    }
    return at;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    static const std::vector<Both> all = conditions();
    // A copy of its own: what reads behind it is caught.
    const std::string body(reinterpret_cast<const char *>(data), size);
    const auto scan = wire::scanRequest(body, Endpoint::ChatCompletions);
    if (!scan)
        return 0;
    const CallFacts call {.scan = &*scan, .tags = "x,n"};
    Facts facts(call);
    for (const Both &both : all)
        require(both.condition->holds(facts) != both.opposite->holds(facts), "a condition or its opposite");
    const Complexity complexity = complexityOf(*scan);
    require(complexity.score >= 0 && complexity.score <= 1, "complexity is from 0 to 1");

    const json parsed = json::parse(body, nullptr, false);
    if (parsed.is_discarded()) // the scan looks at structure alone
        return 0;
    static const std::vector<std::vector<std::string>> paths {{}, {"a"}, {"a", "0", "b"}, {"messages", "0", "content"}, {"messages", "1"}, {"metadata", "x", "y"}};
    for (const std::vector<std::string> &path : paths) {
        const auto found = wire::findJson(body, path);
        const json *there = follow(parsed, path);
        require(found.has_value() == (there != nullptr), "a path leads where a parser says");
        require(!found || json::parse(*found, nullptr, false) == *there, "what it leads to is one value");
    }
    return 0;
}
