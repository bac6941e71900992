// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/routing/facts.h"

#include "gateway/config/condition_fields.h"
#include "gateway/core/text.h"
#include "gateway/routing/complexity.h"
#include "gateway/wire/json_cursor.h"
#include "gateway/wire/json_path.h"
#include "gateway/wire/request_scan.h"

#include <algorithm>
#include <charconv>
#include <span>

namespace gateway::routing {

namespace {

using Source = Field::Source;
using Kind = FieldValue::Kind;

struct NamedSource
{
    std::string_view name;
    Source source;
    BudgetScope scope = BudgetScope::Organisation;
};

constexpr std::array sources {
    NamedSource {"metadata.", Source::Metadata},
    NamedSource {"headers.", Source::Header},
    NamedSource {"body.", Source::Body},
    NamedSource {"model", Source::Model},
    NamedSource {"endpoint", Source::Endpoint},
    NamedSource {"stream", Source::Stream},
    NamedSource {"key", Source::Key},
    NamedSource {"team", Source::Team},
    NamedSource {"customer", Source::Customer},
    NamedSource {"session", Source::Session},
    NamedSource {"tags", Source::Tags},
    NamedSource {"tokens.input", Source::InputTokens},
    NamedSource {"tokens.max_output", Source::MaxOutput},
    NamedSource {"complexity", Source::Complexity},
    NamedSource {"needs.vision", Source::NeedsVision},
    NamedSource {"needs.audio", Source::NeedsAudio},
    NamedSource {"needs.files", Source::NeedsFiles},
    NamedSource {"needs.tools", Source::NeedsTools},
    NamedSource {"needs.json_schema", Source::NeedsJsonSchema},
    NamedSource {"time.hour", Source::Hour},
    NamedSource {"time.minute", Source::Minute},
    NamedSource {"time.weekday", Source::Weekday},
    NamedSource {"time.day", Source::Day},
    NamedSource {"time.month", Source::Month},
    NamedSource {"budget.organisation.used", Source::Budget, BudgetScope::Organisation},
    NamedSource {"budget.team.used", Source::Budget, BudgetScope::Team},
    NamedSource {"budget.key.used", Source::Budget, BudgetScope::Key},
    NamedSource {"budget.customer.used", Source::Budget, BudgetScope::Customer},
};

std::vector<std::string> stepsOf(std::string_view path)
{
    std::vector<std::string> steps;
    while (true) {
        const std::size_t dot = path.find('.');
        steps.emplace_back(path.substr(0, dot));
        if (dot == std::string_view::npos)
            return steps;
        path.remove_prefix(dot + 1);
    }
}

/// A text of the call's: empty is absent.
FieldValue given(std::string_view text)
{
    return text.empty() ? FieldValue() : FieldValue::ofText(text);
}

} // namespace

Result<std::shared_ptr<const Field>> FieldTable::find(std::string_view name)
{
    if (const auto known = m_fields.find(name); known != m_fields.end())
        return known->second;
    const config::ConditionField *named = config::findConditionField(name);
    const auto source = std::find_if(sources.begin(), sources.end(), [&](const NamedSource &row) { return named && row.name == named->name; });
    if (source == sources.end())
        return fail(ErrorCode::Invalid, config::conditionFieldProblem(name).value_or("there is no such field"));
    auto field = std::make_shared<Field>(Field {.source = source->source, .scope = source->scope, .name = std::string(name), .path = {}});
    const std::string_view rest = name.substr(source->name.size());
    if (field->source == Source::Header)
        field->path.emplace_back(rest);
    else if (!rest.empty())
        field->path = stepsOf(rest);
    return m_fields.emplace(std::string(name), std::move(field)).first->second;
}

FieldValue FieldValue::ofJson(std::string_view raw)
{
    FieldValue value {.text = raw};
    if (raw.empty())
        return value;
    switch (raw.front()) {
    case '"':
        value.kind = Kind::Text;
        value.text = raw.substr(1, raw.size() - 2);
        value.escaped = value.text.find('\\') != std::string_view::npos;
        break;
    case '{':
    case '[': value.kind = Kind::Json; break;
    case 'n': value.kind = Kind::Null; break;
    case 't':
    case 'f':
        value.kind = Kind::Bool;
        value.truth = raw.front() == 't';
        break;
    default:
        value.kind = Kind::Number;
        std::from_chars(raw.data(), raw.data() + raw.size(), value.number);
    }
    return value;
}

FieldValue FieldValue::ofText(std::string_view text)
{
    return {.kind = Kind::Text, .text = text};
}

FieldValue FieldValue::ofNumber(double number)
{
    return {.kind = Kind::Number, .number = number};
}

FieldValue FieldValue::ofBool(bool truth)
{
    return {.kind = Kind::Bool, .truth = truth};
}

const FieldValue &Facts::value(const Field &field)
{
    constexpr std::uintptr_t alignment = 64;
    Known &known = m_known[reinterpret_cast<std::uintptr_t>(&field) / alignment % m_known.size()];
    if (known.field != &field)
        known = {&field, lookUp(field)};
    return known.value;
}

FieldValue Facts::lookUp(const Field &field)
{
    const CallFacts &call = *m_call;
    switch (field.source) {
    case Source::Metadata: return metadata(field);
    case Source::Body: return body(field);
    case Source::Header: {
        const auto header = findHeader(call.headers, field.path.front());
        return header ? FieldValue {.kind = Kind::Text, .loose = true, .text = *header} : FieldValue();
    }
    case Source::Model: return given(call.model);
    case Source::Endpoint: return given(call.endpoint);
    case Source::Stream: return FieldValue::ofBool(call.stream);
    case Source::Key: return given(call.key);
    case Source::Team: return given(call.team);
    case Source::Customer: return given(call.customer);
    case Source::Session: return given(call.session);
    case Source::Tags: return call.tags.empty() ? FieldValue() : FieldValue {.kind = Kind::List, .text = call.tags};
    case Source::InputTokens: return FieldValue::ofNumber(static_cast<double>(call.inputTokens));
    case Source::MaxOutput: return call.maxOutput ? FieldValue::ofNumber(static_cast<double>(*call.maxOutput)) : FieldValue();
    case Source::Complexity: return FieldValue::ofNumber(complexity());
    case Source::NeedsVision: return FieldValue::ofBool(call.needs.vision);
    case Source::NeedsAudio: return FieldValue::ofBool(call.needs.audio);
    case Source::NeedsFiles: return FieldValue::ofBool(call.needs.files);
    case Source::NeedsTools: return FieldValue::ofBool(call.needs.tools);
    case Source::NeedsJsonSchema: return FieldValue::ofBool(call.needs.jsonSchema);
    case Source::Hour:
    case Source::Minute:
    case Source::Weekday:
    case Source::Day:
    case Source::Month: return time(field);
    case Source::Budget: return FieldValue::ofNumber(call.budgets ? call.budgets->used(field.scope) : 0);
    }
    return {};
}

FieldValue Facts::metadata(const Field &field) const
{
    if (!m_call->metadata.empty()) {
        if (const auto found = wire::findJson(m_call->metadata, field.path))
            return FieldValue::ofJson(*found);
    }
    if (m_call->scan && !m_call->scan->metadata.empty()) {
        if (const auto found = wire::findJson(m_call->scan->metadata.in(m_call->scan->body), field.path))
            return FieldValue::ofJson(*found);
    }
    // What x-signalbox-session says is the call's session, by whichever of the two ways a plan asks for it.
    if (field.path.size() == 1 && field.path.front() == "session")
        return given(m_call->session);
    return {};
}

FieldValue Facts::body(const Field &field) const
{
    if (!m_call->scan)
        return {};
    const wire::Member *member = m_call->scan->find(field.path.front());
    if (!member)
        return {};
    const auto found = wire::findJson(member->value.in(m_call->scan->body), std::span(field.path).subspan(1));
    return found ? FieldValue::ofJson(*found) : FieldValue();
}

FieldValue Facts::time(const Field &field)
{
    if (!m_time)
        m_time = m_call->calendar ? m_call->calendar->local(m_call->at) : Calendar::LocalTime();
    constexpr int minutesAnHour = 60;
    switch (field.source) {
    case Source::Hour: return FieldValue::ofNumber(m_time->minuteOfDay / minutesAnHour);
    case Source::Minute: return FieldValue::ofNumber(m_time->minuteOfDay % minutesAnHour);
    case Source::Weekday: return FieldValue::ofNumber(m_time->dayOfWeek);
    case Source::Day: return FieldValue::ofNumber(m_time->day);
    default: return FieldValue::ofNumber(m_time->month);
    }
}

std::string_view Facts::plainText(const FieldValue &value)
{
    return value.escaped ? std::string_view(m_unescaped.emplace_front(wire::unescapeJson(value.text))) : value.text;
}

double Facts::complexity()
{
    if (!m_complexity)
        m_complexity = m_call->scan ? complexityOf(*m_call->scan).score : 0;
    return *m_complexity;
}

} // namespace gateway::routing
