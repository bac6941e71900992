// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/source/source_files.h"

#include <QFile>
#include <QLibraryInfo>
#include <QRegularExpression>
#include <QTest>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

using namespace Qt::StringLiterals;
using namespace sources;

namespace {

/// Leaf first; folders of one line never include one another (architecture.md, "Folders, and who may include whom").
const std::map<std::string, int> gatewayRanks {{"core", 0},  {"billing", 1}, {"config", 1},    {"wire", 1},     {"providers", 2}, {"routing", 2}, {"privacy", 2}, {"alerts", 2}, {"storage", 2}, {"reports", 3}, {"state", 3},
                                               {"telemetry", 3}, {"pipeline", 4}, {"stages", 5},   {"net", 6},       {"api", 7},     {"admin", 8}};

std::vector<std::string> parts(const std::string &path)
{
    std::vector<std::string> out(1);
    for (const char c : path) {
        if (c == '/')
            out.emplace_back();
        else
            out.back() += c;
    }
    return out;
}

/// Why this file must not include that one, or empty.
std::string forbidden(const std::string &file, const std::string &included)
{
    const auto from = parts(file), to = parts(included);
    if (to.size() < 2 || from[0] == "tests" || from[0] == "app")
        return {};
    if (from[0] == "ui" && to[0] == "gateway")
        return to[1] == "api" || to[1] == "config" || to[1] == "core" ? "" : "ui sees gateway/api, gateway/config and gateway/core only";
    if (from[0] == "ui")
        return to[0] == "app" || to[0] == "tests" ? "ui sees no " + to[0] : "";
    if (from[0] == "resources")
        return to[0] == "resources" ? "" : "resources are a leaf";
    if (from[0] != "gateway")
        return {};
    if (to[0] == "ui" || to[0] == "app" || to[0] == "tests")
        return "gateway never sees " + to[0];
    if (to[0] != "gateway")
        return {};
    if (!gatewayRanks.contains(from[1]) || !gatewayRanks.contains(to[1]))
        return "a folder of gateway that the architecture does not name";
    if (from[1] == "stages" && to[1] == "stages" && from.size() > 3 && to.size() > 3 && from[2] != to[2])
        return "stages never include one another";
    if (from[1] == to[1])
        return {};
    return gatewayRanks.at(to[1]) < gatewayRanks.at(from[1]) ? "" : "gateway/" + from[1] + " must not see gateway/" + to[1];
}

std::size_t closing(const std::string &code, std::size_t open)
{
    int depth = 0;
    for (std::size_t i = open; i < code.size(); ++i) {
        if (code[i] == '(' || code[i] == '{' || code[i] == '[')
            ++depth;
        else if ((code[i] == ')' || code[i] == '}' || code[i] == ']') && --depth == 0)
            return i;
    }
    return code.size();
}

std::size_t lastCodeBefore(const std::string &code, std::size_t at)
{
    while (at > 0 && (code[at - 1] == ' ' || code[at - 1] == '\n' || code[at - 1] == '\t'))
        --at;
    return at == 0 ? std::string::npos : at - 1;
}

std::string wordBefore(const std::string &code, std::size_t at)
{
    const std::size_t end = lastCodeBefore(code, at);
    if (end == std::string::npos)
        return {};
    std::size_t from = end + 1;
    while (from > 0 && isWord(code[from - 1]))
        --from;
    return code.substr(from, end + 1 - from);
}

/// Whether a "{" opens a block, not a list of initialisers.
bool opensBlock(const std::string &code, std::size_t brace)
{
    const std::size_t before = lastCodeBefore(code, brace);
    if (before == std::string::npos || std::string("){};:").find(code[before]) != std::string::npos)
        return true;
    const std::string word = wordBefore(code, brace);
    if (word == "else" || word == "do" || word == "try" || word == "mutable" || word == "noexcept" || word == "const" || word == "override")
        return true;
    // "-> Task<> {" of a lambda or function
    const std::size_t lineStart = code.rfind('\n', brace);
    return code[before] == '>' && code.substr(lineStart == std::string::npos ? 0 : lineStart, brace - (lineStart == std::string::npos ? 0 : lineStart)).find("->") != std::string::npos;
}

/// What is wrong with the co_await at this place, or empty (conventions.md, "Coroutines").
std::string awaitTrap(const std::string &code, std::size_t at)
{
    for (std::size_t i = at; i-- > 0;) {
        const char c = code[i];
        if (c == ')' || c == ']') { // a whole group before it: over it
            int depth = 0;
            for (;; --i) {
                if (code[i] == ')' || code[i] == ']')
                    ++depth;
                else if ((code[i] == '(' || code[i] == '[') && --depth == 0)
                    break;
                if (i == 0)
                    break;
            }
            continue;
        }
        if (c == ';' || c == '}')
            break;
        if (c == '?')
            return "co_await inside ?:";
        if (c == '{') {
            if (!opensBlock(code, i))
                return "co_await inside braces";
            break;
        }
        if (c == '(') {
            const std::string word = wordBefore(code, i);
            if (word == "if" || word == "while" || word == "switch" || word == "for")
                break;
            const std::size_t before = lastCodeBefore(code, i);
            if (!word.empty() || (before != std::string::npos && (code[before] == '>' || code[before] == ')')))
                return "co_await inside another call's arguments";
        }
    }
    // What is awaited: its call must not be given a temporary aggregate.
    const std::size_t open = code.find_first_of("(;", at);
    if (open == std::string::npos || code[open] == ';')
        return {};
    const std::string arguments = code.substr(open, closing(code, open) - open);
    static const QRegularExpression aggregate(uR"re((^|[\s(,:])[A-Z]\w*(<[^<>()]*>)?\s*\{|[(,]\s*\{\s*[^}\s])re"_s);
    if (aggregate.match(QString::fromStdString(arguments)).hasMatch())
        return "co_await of a call with a temporary aggregate: name it, and move it in";
    return {};
}

struct Lambda
{
    std::size_t introducer = 0, captureEnd = 0, bodyOpen = 0, bodyClose = 0;
};

std::vector<Lambda> lambdas(const std::string &code)
{
    std::vector<Lambda> found;
    for (std::size_t i = code.find('['); i != std::string::npos; i = code.find('[', i + 1)) {
        const std::size_t before = lastCodeBefore(code, i);
        const bool subscript = before != std::string::npos && (isWord(code[before]) || code[before] == ')' || code[before] == ']') && wordBefore(code, i) != "return";
        if (subscript || code.compare(i, 2, "[[") == 0 || (i > 0 && code[i - 1] == '['))
            continue;
        Lambda lambda {.introducer = i, .captureEnd = closing(code, i)};
        std::size_t at = code.find_first_not_of(" \n\t", lambda.captureEnd + 1);
        if (at == std::string::npos)
            continue;
        if (code[at] == '(')
            at = closing(code, at) + 1;
        const std::size_t brace = code.find_first_of("{;,)", at);
        if (brace == std::string::npos || code[brace] != '{')
            continue;
        lambda.bodyOpen = brace;
        lambda.bodyClose = closing(code, brace);
        found.push_back(lambda);
    }
    return found;
}

/// Lambdas that are coroutines and capture: the captures die with the lambda, the coroutine goes on.
std::vector<std::size_t> capturingCoroutines(const std::string &code)
{
    std::vector<std::size_t> found;
    const auto all = lambdas(code);
    for (const Lambda &lambda : all) {
        if (code.find_first_not_of(" \n\t", lambda.introducer + 1) >= lambda.captureEnd)
            continue;
        std::string body = code.substr(lambda.bodyOpen, lambda.bodyClose - lambda.bodyOpen);
        for (const Lambda &inner : all) {
            if (inner.introducer > lambda.bodyOpen && inner.bodyClose < lambda.bodyClose)
                std::fill(body.begin() + static_cast<std::ptrdiff_t>(inner.bodyOpen - lambda.bodyOpen), body.begin() + static_cast<std::ptrdiff_t>(inner.bodyClose - lambda.bodyOpen), ' ');
        }
        if (body.find("co_await") != std::string::npos || body.find("co_return") != std::string::npos || body.find("co_yield") != std::string::npos)
            found.push_back(lambda.introducer);
    }
    return found;
}

std::vector<std::string> coroutineTraps(const std::string &text)
{
    std::vector<std::string> found;
    const std::string code = codeOnly(text);
    for (std::size_t at = code.find("co_await"); at != std::string::npos; at = code.find("co_await", at + 1)) {
        if (const std::string trap = awaitTrap(code, at); !trap.empty())
            found.push_back(std::to_string(lineOf(code, at)) + ": " + trap);
    }
    for (const std::size_t at : capturingCoroutines(code))
        found.push_back(std::to_string(lineOf(code, at)) + ": a coroutine lambda with captures: give it parameters");
    return found;
}

} // namespace

/// Reads the tree itself: what no compiler checks.
class tst_Source : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void includesFollowTheArchitecture();
    void gatewaySeesNoGuiModule();
    void coroutinesAvoidTheTraps();
    void theOrderItselfIsTold_data();
    void theOrderItselfIsTold();
    void theTrapsAreTold_data();
    void theTrapsAreTold();

private:
    std::vector<SourceFile> m_files;
};

void tst_Source::initTestCase()
{
    QVERIFY(readSources(m_files));
    QVERIFY(m_files.size() > 50);
}

void tst_Source::includesFollowTheArchitecture()
{
    static const QRegularExpression include(uR"re(^[ \t]*#[ \t]*include[ \t]*"([^"]+)")re"_s, QRegularExpression::MultilineOption);
    QStringList wrong;
    for (const SourceFile &file : m_files) {
        auto matches = include.globalMatch(QString::fromStdString(file.text));
        while (matches.hasNext()) {
            const std::string included = matches.next().captured(1).toStdString();
            if (const std::string why = forbidden(file.path, included); !why.empty())
                wrong << QString::fromStdString(file.path + " includes " + included + ": " + why);
        }
    }
    QVERIFY2(wrong.isEmpty(), qPrintable(wrong.join(u'\n')));
}

void tst_Source::gatewaySeesNoGuiModule()
{
    static const QRegularExpression include(uR"re(^[ \t]*#[ \t]*include[ \t]*<(Q[^>]+)>)re"_s, QRegularExpression::MultilineOption);
    const QString headers = QLibraryInfo::path(QLibraryInfo::HeadersPath);
    QVERIFY2(QFile::exists(headers + u"/QtCore/QObject"_s), qPrintable(headers));
    QStringList wrong;
    for (const SourceFile &file : m_files) {
        if (!file.path.starts_with("gateway/") && !file.path.starts_with("app/server/"))
            continue;
        auto matches = include.globalMatch(QString::fromStdString(file.text));
        while (matches.hasNext()) {
            const QString name = matches.next().captured(1);
            for (const QString &module : {u"QtGui"_s, u"QtWidgets"_s, u"QtCharts"_s, u"QtSvg"_s, u"QtSvgWidgets"_s}) {
                if (name == module || name.startsWith(module + u'/') || QFile::exists(headers + u'/' + module + u'/' + name))
                    wrong << QString::fromStdString(file.path) + u" includes "_s + name + u" of "_s + module;
            }
        }
    }
    QVERIFY2(wrong.isEmpty(), qPrintable(wrong.join(u'\n')));
}

void tst_Source::coroutinesAvoidTheTraps()
{
    QStringList wrong;
    for (const SourceFile &file : m_files) {
        if (file.path == "tests/source/tst_source.cpp")
            continue;
        for (const std::string &trap : coroutineTraps(file.text))
            wrong << QString::fromStdString(file.path + ":" + trap);
    }
    QVERIFY2(wrong.isEmpty(), qPrintable(wrong.join(u'\n')));
}

void tst_Source::theOrderItselfIsTold_data()
{
    QTest::addColumn<QString>("file");
    QTest::addColumn<QString>("included");
    QTest::addColumn<bool>("allowed");
    const auto row = [](const char *file, const char *included, bool allowed) {
        QTest::addRow("%s -> %s", file, included) << QString::fromLatin1(file) << QString::fromLatin1(included) << allowed;
    };
    row("gateway/routing/plan.h", "gateway/config/config.h", true);
    row("gateway/core/money.h", "gateway/config/config.h", false);
    row("gateway/routing/plan.h", "gateway/storage/vault.h", false);   // siblings
    row("gateway/state/health_registry.h", "gateway/routing/plan.h", true);
    row("gateway/telemetry/stats_hub.h", "gateway/state/ledger.h", false);
    row("gateway/pipeline/runner.h", "gateway/stages/stage_table.h", false);
    row("gateway/stages/auth/auth_stage.cpp", "gateway/stages/limits/limits_stage.h", false);
    row("gateway/stages/stage_table.cpp", "gateway/stages/limits/limits_stage.h", true);
    row("gateway/net/listener.cpp", "gateway/pipeline/http.h", true);
    row("gateway/api/gateway.h", "gateway/admin/admin.h", false);
    row("gateway/api/gateway.h", "ui/bridge/text.h", false);
    row("ui/panes/calls/calls_pane.cpp", "gateway/api/gateway.h", true);
    row("ui/panes/calls/calls_pane.cpp", "gateway/storage/log_reader.h", false);
    row("ui/shell/main_window.cpp", "app/common/options.h", false);
    row("app/desktop/main.cpp", "ui/shell/main_window.h", true);
    row("tests/gateway/net/tst_x.cpp", "gateway/net/listener.h", true);
}

void tst_Source::theOrderItselfIsTold()
{
    QFETCH(QString, file);
    QFETCH(QString, included);
    QFETCH(bool, allowed);
    QCOMPARE(forbidden(file.toStdString(), included.toStdString()).empty(), allowed);
}

void tst_Source::theTrapsAreTold_data()
{
    QTest::addColumn<QString>("code");
    QTest::addColumn<bool>("trap");
    const auto row = [](const char *code, bool trap) { QTest::newRow(code) << QString::fromLatin1(code) << trap; };
    row("{ co_await f(x); }", false);
    row("{ const auto y = co_await f(std::move(x)); }", false);
    row("{ y = co_await f(g(1), h[2]); }", false);
    row("{ if (!co_await f(x)) co_return; }", false);
    row("{ while (co_await more()) { co_await step(); } }", false);
    row("{ (void)co_await f(); }", false);
    row("case Kind::Data: co_await f();", false);
    row("{ // handle(co_await f())\n }", false);
    row("{ log(\"handle(co_await f())\"); }", false);
    row("auto x = [](int a) -> Task<> { co_await f(a); };", false);
    row("{ co_await f([this] { cancel(); }); }", false);
    row("{ handle(co_await f()); }", true);
    row("{ handle(1, co_await f()); }", true);
    row("{ auto y = c ? co_await f() : T(); }", true);
    row("{ auto y = Pair {co_await f(), 1}; }", true);
    row("{ auto y = Pair {1, co_await f()}; }", true);
    row("{ Pair y {co_await f()}; }", true);
    row("{ co_await f(Request {x}); }", true);
    row("{ co_await f({.a = 1}); }", true);
    row("{ co_await f(1, Request{}); }", true);
    row("{ co_await f({}); }", false);          // an empty view, an empty function
    row("spawn([this]() -> Task<> { co_await run(); });", true);
    row("spawn([&x](int a) { co_return; });", true);
    row("spawn([] { co_return; });", false);
    row("run([&x] { spawn([](int a) -> Task<> { co_await f(a); }); });", false);
    row("x[1] = y; void f() { co_return; }", false);
}

void tst_Source::theTrapsAreTold()
{
    QFETCH(QString, code);
    QFETCH(bool, trap);
    QCOMPARE(!coroutineTraps(code.toStdString()).empty(), trap);
}

QTEST_APPLESS_MAIN(tst_Source)
#include "tst_source.moc"
