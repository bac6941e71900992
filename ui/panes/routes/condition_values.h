// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config/condition.h"

#include <QString>

#include <optional>
#include <vector>

/// Conditions as rows of a form: field, operator, value; joined by one word. Pure.
namespace ui::routes {

/// What a field's value is typed and shown as. Of a field that holds text it is the text; of one that may hold anything
/// a number, true, false and null are what they are, and in quotes they are text.
gateway::config::ConditionValue valueOf(const QString &typed, const std::string &field);
QString typedOf(const gateway::config::ConditionValue &value, const std::string &field);

/// All values of a test, comma between; likewise.
std::vector<gateway::config::ConditionValue> valuesOf(const QString &typed, const std::string &field, gateway::config::Operator comparison);
QString typedOf(const gateway::config::FieldTest &test);

/// A condition that is a list of tests: all of them hold, or any of them does.
struct ConditionRows
{
    std::vector<gateway::config::FieldTest> tests;
    bool any = false;
};
/// nullopt: there are conditions within conditions, or values that a row cannot show (with a comma in a list).
std::optional<ConditionRows> rowsOf(const gateway::config::Condition &condition);
gateway::config::Condition conditionOf(const ConditionRows &rows);

} // namespace ui::routes
