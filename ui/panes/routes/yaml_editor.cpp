// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/routes/yaml_editor.h"

#include "gateway/config/yaml_reader.h"
#include "gateway/config/yaml_writer.h"
#include "ui/bridge/text.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/theme.h"

#include <QHBoxLayout>
#include <QPlainTextEdit>
#include <QSyntaxHighlighter>
#include <QTextBlock>
#include <QTimer>

using namespace Qt::StringLiterals;

namespace ui::routes {

using namespace gateway::config;

namespace {

constexpr int indent = 4;       ///< what stands before each line of the route in the document that is read
constexpr int linesBefore = 2;  ///< "version: 1", "routes:"
constexpr int settleMs = 300;

QString asDocument(const QString &text)
{
    QString document = u"version: 1\nroutes:\n"_s;
    bool first = true;
    for (const QString &line : text.split(u'\n')) {
        document += first ? u"  - "_s : u"    "_s;
        document += line + u'\n';
        first = false;
    }
    return document;
}

/// Keys in accent, numbers and words as they are, comments muted.
class YamlHighlighter final : public QSyntaxHighlighter
{
public:
    YamlHighlighter(QTextDocument *document, QWidget *widget) : QSyntaxHighlighter(document), m_widget(widget) { }

protected:
    void highlightBlock(const QString &text) override
    {
        const widgets::ThemeColors &c = widgets::colorsOf(m_widget);
        static const QRegularExpression key(u"[A-Za-z_][A-Za-z0-9_]*(?=:(?:\\s|$))"_s), string(u"\"[^\"]*\""_s), comment(u"(^|\\s)#.*$"_s);
        paint(text, key, c.accent);
        paint(text, string, c.ok);
        paint(text, comment, c.muted);
    }

private:
    void paint(const QString &text, const QRegularExpression &form, const QColor &color)
    {
        for (auto it = form.globalMatch(text); it.hasNext();) {
            const auto match = it.next();
            setFormat(static_cast<int>(match.capturedStart()), static_cast<int>(match.capturedLength()), color);
        }
    }

    QWidget *m_widget;
};

} // namespace

std::expected<Route, std::vector<YamlProblem>> readRoute(const QString &text, const Route &before)
{
    ReadOptions options;
    options.local = false; // what is typed here is literal: no ${} and no file: is followed
    options.origin = before.origin;
    auto read = readConfig(bridge::utf8(asDocument(text)), options);
    std::vector<YamlProblem> problems;
    if (!read) {
        for (const Problem &problem : read.error()) {
            QString message = bridge::qt(problem.message);
            message.replace(u"routes[0]."_s, QString());
            problems.push_back({std::max(0, problem.line - linesBefore), std::max(problem.line > linesBefore ? 1 : 0, problem.column - indent), message});
        }
        return std::unexpected(problems);
    }
    if (read->config.routes.size() != 1)
        return std::unexpected(std::vector<YamlProblem> {{1, 1, QCoreApplication::translate("ui::routes", "This text must be one route and nothing else.")}});
    Route route = read->config.routes.front();
    route.id = before.id;
    route.origin = before.origin;
    return route;
}

YamlEditor::YamlEditor(QWidget *parent) : QWidget(parent), m_text(new QPlainTextEdit), m_state(new widgets::StateLabel), m_settle(new QTimer(this))
{
    setAutoFillBackground(true);
    setBackgroundRole(QPalette::Base);
    m_text->setObjectName(u"routes.yaml"_s);
    m_text->setAccessibleName(tr("The route as YAML"));
    m_text->setFont(widgets::monoFont(12));
    m_text->setFrameShape(QFrame::NoFrame);
    m_text->setLineWrapMode(QPlainTextEdit::NoWrap);
    m_text->setTabChangesFocus(true);
    m_text->document()->setDocumentMargin(16);
    new YamlHighlighter(m_text->document(), m_text);
    m_settle->setSingleShot(true);
    m_settle->setInterval(settleMs);
    connect(m_settle, &QTimer::timeout, this, &YamlEditor::read);
    connect(m_text, &QPlainTextEdit::textChanged, this, [this] {
        if (!m_quiet)
            m_settle->start();
    });
    m_state->setObjectName(u"routes.yaml.state"_s);
    auto *footer = new QHBoxLayout;
    footer->setContentsMargins(16, 6, 16, 6);
    footer->addWidget(m_state, 1);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_text, 1);
    column->addWidget(new widgets::Divider(Qt::Horizontal));
    column->addLayout(footer);
}

void YamlEditor::show(const Route &route, bool editable)
{
    m_text->setReadOnly(!editable);
    if (m_route && *m_route == route)
        return;
    const bool another = !m_route || m_route->id != route.id;
    m_route = route;
    if (!another && m_text->hasFocus() && !m_problems.empty())
        return; // half typed: it is not overwritten
    m_quiet = true;
    m_text->setPlainText(bridge::qt(toYaml(route)).trimmed() + u'\n');
    m_quiet = false;
    m_settle->stop();
    m_problems.clear();
    showProblems();
}

void YamlEditor::read()
{
    if (!m_route)
        return;
    auto route = readRoute(m_text->toPlainText(), *m_route);
    m_problems = route ? std::vector<YamlProblem> {} : route.error();
    showProblems();
    if (!route || *route == *m_route)
        return;
    m_route = *route; // before the announcement: the text stays as it was typed
    Q_EMIT edited(*route);
}

void YamlEditor::showProblems()
{
    const widgets::ThemeColors &c = widgets::colorsOf(this);
    QList<QTextEdit::ExtraSelection> marks;
    for (const YamlProblem &problem : m_problems) {
        const QTextBlock block = m_text->document()->findBlockByNumber(problem.line - 1);
        if (!block.isValid())
            continue;
        QTextEdit::ExtraSelection line;
        line.cursor = QTextCursor(block);
        line.format.setBackground(c.errBg);
        line.format.setProperty(QTextFormat::FullWidthSelection, true);
        marks << line;
    }
    m_text->setExtraSelections(marks);
    if (m_problems.empty()) {
        m_state->setState(widgets::Icon::Ok, widgets::Role::Ok, tr("The text is a route"));
    } else {
        const YamlProblem &first = m_problems.front();
        const QString more = m_problems.size() > 1 ? tr(" (and %1 more)").arg(m_problems.size() - 1) : QString();
        m_state->setState(widgets::Icon::Error, widgets::Role::Err, first.line > 0 ? tr("%1:%2: %3%4").arg(first.line).arg(first.column).arg(first.message, more) : first.message + more);
        m_state->setToolTip(m_state->text());
    }
    Q_EMIT stateChanged();
}

} // namespace ui::routes
