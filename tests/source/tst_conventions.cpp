// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/source/source_files.h"

#include <QRegularExpression>
#include <QTest>

#include <set>

using namespace Qt::StringLiterals;
using namespace sources;

namespace {

/// One thing that must not stand in the code of some folders (conventions.md; architecture.md, "Threads" and "Never").
struct Rule
{
    const char *pattern;                 ///< in code without comments and the insides of literals
    std::vector<const char *> where;     ///< beginnings of paths
    std::vector<const char *> except {}; ///< the same
    const char *why;
    bool headersOnly = false;
};

const std::vector<Rule> &rules()
{
    static const std::vector<Rule> all {
        {.pattern = R"(\bprocessEvents\b|\bQEventLoop\b|\bBlockingQueuedConnection\b|\bwaitFor[A-Z]\w*\()", .where = {"ui/"}, .why = "the window's thread never waits"},
        {.pattern = R"(\bthrow\b(?!;| std::bad_alloc\b| std::system_error\b))", .where = {"gateway/wire/", "gateway/routing/", "gateway/providers/", "gateway/state/", "gateway/pipeline/", "gateway/stages/", "gateway/net/"},
         .why = "no exception crosses the data plane: give a Result (std::bad_alloc, and std::system_error where a worker cannot start)"},
        {.pattern = R"(\bsleep_(for|until)\b|\bqSleep\b|\b[mu]sleep\()", .where = {"tests/", "ui/", "gateway/stages/", "gateway/pipeline/"}, .except = {"tests/bench/"}, .why = "nothing sleeps: wait for what is awaited"},
        {.pattern = R"(\bget[A-Z]\w*\()", .where = {"gateway/", "app/", "ui/"}, .why = "names say the thing, without get", .headersOnly = true},
        {.pattern = R"(^using namespace\b)", .where = {"gateway/", "app/", "ui/"}, .why = "a header opens no namespace for who includes it", .headersOnly = true},
        {.pattern = R"(\bSIGNAL\()", .where = {"gateway/", "app/", "ui/", "tests/"}, .why = "connects are typed"},
        {.pattern = R"(\bstatic \w+ \*?&?instance\(\))", .where = {"gateway/", "app/", "ui/"}, .why = "no singletons: what a class needs comes through its constructor"},
    };
    return all;
}

bool beginsWithAny(const std::string &path, const std::vector<const char *> &beginnings)
{
    return std::ranges::any_of(beginnings, [&](const char *each) { return path.starts_with(each); });
}

std::vector<std::string> broken(const Rule &rule, const SourceFile &file)
{
    std::vector<std::string> found;
    if (!beginsWithAny(file.path, rule.where) || beginsWithAny(file.path, rule.except) || (rule.headersOnly && !file.path.ends_with(".h")))
        return found;
    const std::string code = codeOnly(file.text);
    const QRegularExpression pattern(QString::fromLatin1(rule.pattern), QRegularExpression::MultilineOption);
    // As Latin-1, so that places count bytes as the text does.
    auto matches = pattern.globalMatch(QString::fromLatin1(code));
    while (matches.hasNext())
        found.push_back(file.path + ":" + std::to_string(lineOf(code, static_cast<std::size_t>(matches.next().capturedStart()))) + ": " + rule.why);
    return found;
}

/// Comments and literals too.
std::vector<std::string> unfinished(const SourceFile &file)
{
    static const QRegularExpression words(u"\\b(TODO|FIXME|XXX|HACK)\\b"_s);
    std::vector<std::string> found;
    auto matches = words.globalMatch(QString::fromLatin1(file.text));
    while (matches.hasNext())
        found.push_back(file.path + ":" + std::to_string(lineOf(file.text, static_cast<std::size_t>(matches.next().capturedStart()))) + ": what is not done is not in the tree");
    return found;
}

/// @param ownHeader  "gateway/net/tls.h", empty: the file has none
std::vector<std::string> includesOutOfOrder(const SourceFile &file, const std::string &ownHeader)
{
    static const QRegularExpression include(uR"re(^#[ \t]*include[ \t]*([<"])([^>"]+))re"_s, QRegularExpression::MultilineOption);
    std::vector<std::string> found;
    bool first = true, others = false;
    auto matches = include.globalMatch(QString::fromStdString(file.text));
    while (matches.hasNext()) {
        const auto match = matches.next();
        const std::string name = match.captured(2).toStdString();
        const bool ours = match.captured(1) == u"\"";
        if (first && !ownHeader.empty() && name != ownHeader)
            found.push_back(file.path + ": its own header comes first");
        if (ours && others && !name.ends_with(".moc"))
            found.push_back(file.path + ": " + name + " stands behind headers of others");
        first = false;
        others = others || !ours;
    }
    return found;
}

/// More than this many lines are a file that knows too much; tests and panes may have more, tables of rows have reasons.
std::ptrdiff_t longest(const std::string &path)
{
    return path.starts_with("tests/") ? 900 : path.starts_with("ui/") ? 800 : 600;
}

QString joined(const std::vector<std::string> &lines)
{
    QStringList all;
    for (const std::string &line : lines)
        all << QString::fromStdString(line);
    return all.join(u'\n');
}

void append(std::vector<std::string> &to, const std::vector<std::string> &more)
{
    to.insert(to.end(), more.begin(), more.end());
}

} // namespace

/// What conventions.md says and a machine can see.
class tst_Conventions : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void filesBeginAsTheyShould();
    void includesHaveTheirOrder();
    void filesHaveASize();
    void nothingIsLeftUnfinished();
    void rulesHold();
    void theRulesThemselvesTell_data();
    void theRulesThemselvesTell();
    void theOrderItselfIsTold();

private:
    std::vector<SourceFile> m_files;   ///< C++
    std::vector<SourceFile> m_scripts; ///< all else that is written by hand
};

void tst_Conventions::initTestCase()
{
    QVERIFY(readSources(m_files));
    QVERIFY(readSources(m_scripts, {u"*.py"_s, u"*.sh"_s, u"*.mjs"_s, u"*.cmake"_s, u"CMakeLists.txt"_s}));
    QVERIFY(m_files.size() > 50 && m_scripts.size() > 20);
}

void tst_Conventions::filesBeginAsTheyShould()
{
    std::vector<std::string> wrong;
    for (const SourceFile &file : m_files) {
        if (!file.text.starts_with("// SPDX-License-Identifier: GPL-3.0-or-later\n"))
            wrong.push_back(file.path + ": the first line is not the SPDX line");
        if (file.path.ends_with(".h") && file.text.find("\n#pragma once\n") == std::string::npos)
            wrong.push_back(file.path + ": no #pragma once");
    }
    for (const SourceFile &file : m_scripts) {
        const std::string head = file.text.substr(0, 200);
        if (head.find("SPDX-License-Identifier: GPL-3.0-or-later\n") == std::string::npos)
            wrong.push_back(file.path + ": no SPDX line at its beginning");
    }
    QVERIFY2(wrong.empty(), qPrintable(joined(wrong)));
}

void tst_Conventions::includesHaveTheirOrder()
{
    std::set<std::string> headers;
    for (const SourceFile &file : m_files) {
        if (file.path.ends_with(".h"))
            headers.insert(file.path);
    }
    std::vector<std::string> wrong;
    for (const SourceFile &file : m_files) {
        const std::string own = file.path.ends_with(".cpp") ? file.path.substr(0, file.path.size() - 4) + ".h" : std::string();
        append(wrong, includesOutOfOrder(file, headers.contains(own) ? own : std::string()));
    }
    QVERIFY2(wrong.empty(), qPrintable(joined(wrong)));
}

void tst_Conventions::filesHaveASize()
{
    std::vector<std::string> wrong;
    for (const SourceFile &file : m_files) {
        const auto lines = std::ranges::count(file.text, '\n');
        if (lines > longest(file.path))
            wrong.push_back(file.path + ": " + std::to_string(lines) + " lines; split it by meaning");
    }
    QVERIFY2(wrong.empty(), qPrintable(joined(wrong)));
}

void tst_Conventions::nothingIsLeftUnfinished()
{
    std::vector<std::string> wrong;
    for (const auto *files : {&m_files, &m_scripts}) {
        for (const SourceFile &file : *files) {
            if (file.path != "tests/source/tst_conventions.cpp")
                append(wrong, unfinished(file));
        }
    }
    QVERIFY2(wrong.empty(), qPrintable(joined(wrong)));
}

void tst_Conventions::rulesHold()
{
    std::vector<std::string> wrong;
    for (const Rule &rule : rules()) {
        for (const SourceFile &file : m_files)
            append(wrong, broken(rule, file));
    }
    QVERIFY2(wrong.empty(), qPrintable(joined(wrong)));
}

void tst_Conventions::theRulesThemselvesTell_data()
{
    QTest::addColumn<QString>("path");
    QTest::addColumn<QString>("code");
    QTest::addColumn<bool>("told");
    const auto row = [](const char *path, const char *code, bool told) {
        QTest::addRow("%s: %s", path, code) << QString::fromLatin1(path) << QString::fromLatin1(code) << told;
    };
    row("ui/shell/x.cpp", "QCoreApplication::processEvents();", true);
    row("ui/shell/x.cpp", "// never processEvents\n", false);
    row("app/common/x.cpp", "QEventLoop loop;", false);
    row("gateway/stages/x.cpp", "throw Refusal {};", true);
    row("gateway/net/x.cpp", "throw std::bad_alloc();", false);
    row("gateway/net/x.cpp", "throw;", false);
    row("gateway/config/x.cpp", "throw Refusal {};", false);
    row("tests/gateway/tst_x.cpp", "std::this_thread::sleep_for(1s);", true);
    row("tests/bench/x.cpp", "std::this_thread::sleep_for(1s);", false);
    row("gateway/core/x.h", "int getCount();", true);
    row("gateway/core/x.h", "auto y = pointer.get();", false);
    row("gateway/core/x.h", "using namespace std;", true);
    row("gateway/core/x.cpp", "using namespace std;", false);
    row("ui/shell/x.cpp", "connect(a, SIGNAL(b()), c, SLOT(d()));", true);
    row("gateway/state/x.h", "static Ledger &instance();", true);
}

void tst_Conventions::theRulesThemselvesTell()
{
    QFETCH(QString, path);
    QFETCH(QString, code);
    QFETCH(bool, told);
    const SourceFile file {.path = path.toStdString(), .text = code.toStdString()};
    QCOMPARE(std::ranges::any_of(rules(), [&](const Rule &rule) { return !broken(rule, file).empty(); }), told);
}

void tst_Conventions::theOrderItselfIsTold()
{
    const SourceFile right {.path = "a/x.cpp", .text = "#include \"a/x.h\"\n\n#include \"b/y.h\"\n\n#include <QTest>\n#include <map>\n#include \"x.moc\"\n"};
    QVERIFY(includesOutOfOrder(right, "a/x.h").empty());
    QVERIFY(includesOutOfOrder(right, {}).empty());
    const SourceFile wrong {.path = "a/x.cpp", .text = "#include <map>\n#include \"a/x.h\"\n"};
    QCOMPARE(includesOutOfOrder(wrong, "a/x.h").size(), std::size_t {2});
}

QTEST_APPLESS_MAIN(tst_Conventions)
#include "tst_conventions.moc"
