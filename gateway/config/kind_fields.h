// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config/config.h"

#include <cstdint>
#include <span>
#include <string_view>

/// What the settings of a provider kind are: the checks are given it, and the window makes its form from it. The table is
/// providers/kind_fields.cpp. All texts are the table's, and hold as long as the program runs.
namespace gateway::config {

/// A value that a kind takes.
struct KindField
{
    enum class Form : std::uint8_t {
        Line,
        Document, ///< many lines, out of a file
        Pairs     ///< names, each with a value
    };
    std::string_view name;       ///< in the configuration file: "region"
    std::string_view title;      ///< on the form: "Region"
    std::string_view hint;       ///< what it is and where it is found, one sentence
    std::string_view example {}; ///< "us-east-1"; "{region}" in it stands for that field's value
    bool secret = false;
    bool required = false;
    Form form = Form::Line;
    std::span<const std::string_view> beginnings {}; ///< of such values, to guess the kind of a pasted one: "AKIA"
};

/// One of the ways in which a kind's credential says who calls.
struct CredentialWay
{
    std::string_view title;              ///< "Access key"
    std::string_view hint;               ///< one sentence
    std::span<const KindField> fields;   ///< of the credential; none where `source` gives all
    CredentialSource source = CredentialSource::Given;
};

struct KindFields
{
    std::string_view kind;
    std::span<const KindField> provider {}; ///< what the kind needs or may have beside the settings of every provider
    std::span<const CredentialWay> ways {}; ///< the usual one first
};

/// The row of that kind, or nullptr.
const KindFields *findKindFields(std::span<const KindFields> kinds, std::string_view kind);

/// The way that the credential goes: by its source, else the one that has most of its values; nullptr: it has none of any.
const CredentialWay *wayOf(const KindFields &kind, const Credential &credential);

} // namespace gateway::config
