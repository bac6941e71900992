// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/error.h"
#include "gateway/routing/call_facts.h"

#include <array>
#include <cstdint>
#include <forward_list>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::routing {

/// A field of config/condition_fields.h, ready to be looked up in calls. Immutable; one object for each name in a
/// configuration, so that a call looks each up once.
struct Field
{
    enum class Source : std::uint8_t {
        Metadata, Header, Body, Model, Endpoint, Stream, Key, Team, Customer, Session, Tags, InputTokens, MaxOutput, Complexity,
        NeedsVision, NeedsAudio, NeedsFiles, NeedsTools, NeedsJsonSchema, Hour, Minute, Weekday, Day, Month, Budget
    };
    Source source = Source::Model;
    BudgetScope scope = BudgetScope::Organisation; ///< of Budget
    std::string name;               ///< as written: "metadata.tier"
    std::vector<std::string> path;  ///< of Metadata and Body: the steps into the JSON; of Header: its name
};

/// Makes each field once. For compiling; one thread.
class FieldTable
{
public:
    /// Invalid for a name that is no field.
    Result<std::shared_ptr<const Field>> find(std::string_view name);

private:
    std::map<std::string, std::shared_ptr<const Field>, std::less<>> m_fields;
};

/// What a field holds in one call.
struct FieldValue
{
    enum class Kind : std::uint8_t {
        Absent, Null, Bool, Number, Text,
        Json,   ///< an array or object: `text` is all of it
        List    ///< `text` is comma-joined
    };
    Kind kind = Kind::Absent;
    bool truth = false;      ///< of Bool
    bool escaped = false;    ///< Text is written with JSON's escapes
    bool loose = false;      ///< Text that may stand for a number or true: a header's
    double number = 0;
    std::string_view text {}; ///< as written in the call; of numbers and the like from JSON too

    static FieldValue ofJson(std::string_view raw); ///< @param raw  one JSON value, without white space around it
    static FieldValue ofText(std::string_view text);
    static FieldValue ofNumber(double number);
    static FieldValue ofBool(bool truth);
};

/// Looks up what conditions ask of one call, and keeps what it found last: nothing is parsed that no plan asks for. Allocates
/// only for a text with escapes that has to be read as a whole. On the call's worker; the facts and all fields outlive it.
class Facts
{
public:
    explicit Facts(const CallFacts &call) : m_call(&call) {}

    const FieldValue &value(const Field &field);
    [[nodiscard]] const CallFacts &call() const { return *m_call; }
    /// The value's text with its escapes resolved; holds as long as this.
    std::string_view plainText(const FieldValue &value);
    /// The request's complexity (complexity.h), judged once.
    double complexity();

private:
    struct Known
    {
        const Field *field = nullptr;
        FieldValue value {};
    };
    [[nodiscard]] FieldValue lookUp(const Field &field);
    [[nodiscard]] FieldValue metadata(const Field &field) const;
    [[nodiscard]] FieldValue body(const Field &field) const;
    [[nodiscard]] FieldValue time(const Field &field);

    const CallFacts *m_call;
    std::array<Known, 8> m_known {}; ///< by the field's address: a later one takes the place of one before
    std::optional<double> m_complexity;
    std::optional<Calendar::LocalTime> m_time;
    std::forward_list<std::string> m_unescaped;
};

} // namespace gateway::routing
