// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/json_parser_impl.h"

namespace gateway::wire {

JsonParser::JsonParser() : m_impl(std::make_unique<Impl>()) {}
JsonParser::~JsonParser() = default;
JsonParser::JsonParser(JsonParser &&) noexcept = default;
JsonParser &JsonParser::operator=(JsonParser &&) noexcept = default;

} // namespace gateway::wire
