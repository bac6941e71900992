// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/integration/faults/fault_cells.h"

#include <QtTest>

#include <array>
#include <cstdio>
#include <fmt/format.h>
#include <map>

namespace faults {

using namespace gateway;
using namespace support;

namespace {

constexpr int rows = 27;

struct Cell
{
    int tried = 0, failed = 0;
};

/// Of each row: OpenAI whole, OpenAI stream, Anthropic whole, Anthropic stream.
std::array<std::array<Cell, 4>, rows + 1> &table()
{
    static std::array<std::array<Cell, 4>, rows + 1> cells {};
    return cells;
}

constexpr std::array<const char *, rows + 1> titles {
    "",
    "429 once",
    "429 for long",
    "500, 502, 503, 504, 529 once",
    "503 always",
    "connection refused, DNS",
    "TLS",
    "accepts, never answers",
    "headers, then nothing",
    "cut before content",
    "cut after content",
    "silent after content",
    "error event in a 200",
    "HTML, truncated, empty, short",
    "error object in a 200",
    "context length exceeded",
    "400, 413, 422; 404",
    "401, 403",
    "quota gone",
    "content policy",
    "trickle, odd framing",
    "usage missing",
    "all targets fail",
    "caller disconnects",
    "caller reads slowly",
    "answer or headers too large",
    "redirect",
    "duplicate answers (hedge)",
};

template <typename T>
T column(const char *name)
{
    return *static_cast<T *>(QTest::qData(name, qMetaTypeId<T>()));
}

const char *nameOf(Caller caller)
{
    return caller == Caller::OpenAi ? "OpenAI" : "Anthropic";
}

std::string shown(const Cell &cell)
{
    if (cell.tried == 0)
        return "-";
    return cell.failed > 0 ? fmt::format("FAILS {}/{}", cell.failed, cell.tried) : fmt::format("ok {}", cell.tried);
}

} // namespace

void FaultTest::cleanup()
{
    const std::string_view name = QTest::currentTestFunction();
    if (name.size() < 3 || name[0] != 'f' || !std::isdigit(static_cast<unsigned char>(name[1])) || !std::isdigit(static_cast<unsigned char>(name[2])))
        return;
    const auto row = static_cast<std::size_t>((name[1] - '0') * 10 + name[2] - '0');
    Cell &cell = table().at(row)[(caller() == Caller::Anthropic ? 2 : 0) + (streamed() ? 1 : 0)];
    ++cell.tried;
    cell.failed += QTest::currentTestFailed() ? 1 : 0;
}

void everyCell(std::initializer_list<const char *> variants, Form form)
{
    QTest::addColumn<int>("caller");
    QTest::addColumn<bool>("stream");
    QTest::addColumn<int>("variant");
    for (const Caller caller : {Caller::OpenAi, Caller::Anthropic}) {
        for (const bool stream : {false, true}) {
            if (form == (stream ? Form::Whole : Form::Stream))
                continue;
            const std::string cell = fmt::format("{}, {}", nameOf(caller), stream ? "stream" : "whole answer");
            int number = 0;
            for (const char *variant : variants)
                QTest::addRow("%s, %s", variant, cell.c_str()) << int(caller) << stream << number++;
            if (variants.size() == 0)
                QTest::newRow(cell.c_str()) << int(caller) << stream << 0;
        }
    }
}

Caller caller()
{
    return Caller(column<int>("caller"));
}

bool streamed()
{
    return column<bool>("stream");
}

std::size_t variant()
{
    return std::size_t(column<int>("variant"));
}

config::Config chainFor(std::initializer_list<const FakeProvider *> providers, const std::function<void(config::Config &)> &change)
{
    config::Config config = chain(providers);
    if (caller() == Caller::Anthropic) {
        for (config::Provider &provider : config.providers)
            provider.kind = "anthropic";
    }
    if (change)
        change(config);
    return config;
}

TestCall callOf(TestGateway &gateway)
{
    TestCall call = gateway.ask(caller());
    if (!streamed())
        return call;
    if (caller() == Caller::OpenAi)
        return std::move(call).stream().usage();
    return std::move(call).stream();
}

Answer send(TestGateway &gateway)
{
    return callOf(gateway).send();
}

TestClient start(TestGateway &gateway)
{
    return callOf(gateway).start();
}

Script begun(const std::function<Script(const Script &)> &goOn)
{
    return goOn(streamed() ? Script::stream().role().text("po").hold() : Script::answer("half of this never comes"));
}

Script errorBody(std::string_view message)
{
    if (caller() == Caller::Anthropic)
        return Script::json(200, fmt::format(R"({{"type":"error","error":{{"type":"overloaded_error","message":"{}"}}}})", message));
    return Script::json(200, fmt::format(R"({{"error":{{"message":"{}","type":"server_error","code":503}}}})", message));
}

std::string keyShown(const Received &call)
{
    const std::string bearer = call.header("authorization").value_or("");
    return bearer.starts_with("Bearer ") ? bearer.substr(7) : call.header("x-api-key").value_or("");
}

bool printTable()
{
    int cells = 0, failing = 0, untried = 0, tries = 0;
    fmt::print("\n{:<4} {:<30} | {:^23} | {:^23}\n", "", "", "OpenAI caller", "Anthropic caller");
    fmt::print("{:<4} {:<30} | {:^11} {:^11} | {:^11} {:^11}\n", "row", "upstream does", "whole", "stream", "whole", "stream");
    fmt::print("{:-<36}+{:-<25}+{:-<24}\n", "", "", "");
    for (std::size_t row = 1; row <= rows; ++row) {
        const auto &four = table()[row];
        fmt::print("F{:02}  {:<30} | {:<11} {:<11} | {:<11} {:<11}\n", row, titles[row], shown(four[0]), shown(four[1]), shown(four[2]), shown(four[3]));
        for (const Cell &cell : four) {
            ++cells;
            failing += cell.failed > 0 ? 1 : 0;
            untried += cell.tried == 0 ? 1 : 0;
            tries += cell.tried;
        }
    }
    fmt::print("\n{} cells, {} rows tried: {} failing, {} not tried\n", cells, tries, failing, untried);
    std::fflush(stdout);
    return failing == 0 && untried == 0;
}

} // namespace faults
