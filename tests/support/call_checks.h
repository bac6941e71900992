// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/support/test_gateway.h"

#include <string_view>

/// What has to hold of a call's answer, its headers and its one record, whatever happened upstream (faults.md, api.md).
/// Each is a Qt Test check: what does not hold fails the test that runs.
namespace support {

/// Rows "whole answer" and "stream", for a column `stream`.
void bothWays();
/// One call on the route "test", streamed as the row says.
Answer ask(TestGateway &gateway);

/// A whole right answer, "pong", in the form that was asked for, with headers that agree with the record.
/// @param outcomes  TestGateway::outcomes()
void expectRescued(TestGateway &gateway, const Answer &answer, const char *outcomes);

/// One error as a whole answer in the caller's form, and a record that says the same.
/// @param type, code  OpenAI's words; Anthropic's type follows from the status
/// @param outcomes    nullptr: not looked at
void expectFailed(TestGateway &gateway, const Answer &answer, int status, std::string_view type, std::string_view code, const char *outcomes = nullptr);

/// A stream that gave `text` and then the error, and that nobody can take for a whole one.
void expectCut(TestGateway &gateway, const Answer &answer, std::string_view text, gateway::ErrorCode code);

} // namespace support
