// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/support/call_checks.h"

#include <QObject>

#include <functional>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>

/// What the rows of "what a gateway does when upstream fails" (faults.md) share: each is tried as every cell, which is an OpenAI
/// or an Anthropic caller, with a stream or a whole answer. Providers speak the caller's format.
namespace faults {

/// A test whose slots are named after their row, "f01…", and have the rows of everyCell(). What becomes of each goes into the table.
class FaultTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void cleanup();
};

std::unique_ptr<QObject> makeBeforeContent();
std::unique_ptr<QObject> makeAnswers();
std::unique_ptr<QObject> makeRests();

enum class Form : std::uint8_t { Both, Stream, Whole };

/// The rows of a slot: every cell, and in each of them every variant.
void everyCell(std::initializer_list<const char *> variants = {}, Form form = Form::Both);

// Of the row under way.
[[nodiscard]] support::Caller caller();
[[nodiscard]] bool streamed();
[[nodiscard]] std::size_t variant();

/// A chain over these providers (support::chain) for the cell's caller.
gateway::config::Config chainFor(std::initializer_list<const support::FakeProvider *> providers, const std::function<void(gateway::config::Config &)> &change = {});
/// The call of the cell, still to be sent.
support::TestCall callOf(support::TestGateway &gateway);
support::Answer send(support::TestGateway &gateway);
support::TestClient start(support::TestGateway &gateway);

/// A stream that comes up to "po" and waits there for release(), or all of a whole answer of which half is to come; then what `goOn` adds.
support::Script begun(const std::function<support::Script(const support::Script &)> &goOn);
/// An error as the provider's API tells it inside a 200.
support::Script errorBody(std::string_view message);
/// The key that a provider was shown.
std::string keyShown(const support::Received &call);

/// Prints the table of all cells. @return whether each was tried and none failed
bool printTable();

} // namespace faults
