// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/calls/call_actions.h"

#include "gateway/core/mark_colour.h"
#include "ui/bridge/text.h"
#include "ui/panes/calls/call_curl.h"
#include "ui/panes/calls/call_inspector.h"
#include "ui/panes/calls/call_marks.h"
#include "ui/panes/calls/call_python.h"
#include "ui/panes/calls/call_table.h"
#include "ui/panes/calls/compare_dialog.h"
#include "ui/panes/calls/mark_look.h"
#include "ui/panes/calls/mark_strip.h"
#include "ui/panes/calls/replay_dialog.h"
#include "ui/widgets/states.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QMenu>
#include <QPainter>
#include <QShortcut>

using namespace Qt::StringLiterals;

namespace ui::calls {

using bridge::qt;
using widgets::Icon;

namespace {

QIcon markIcon(int colour, const QWidget *widget)
{
    QPixmap picture(QSize(16, 16) * widget->devicePixelRatioF());
    picture.setDevicePixelRatio(widget->devicePixelRatioF());
    picture.fill(Qt::transparent);
    QPainter painter(&picture);
    paintMark(&painter, QRect(1, 1, 14, 14), {.colour = colour}, widgets::colorsOf(widget));
    return {picture};
}

} // namespace

CallActions::CallActions(const panes::PaneContext &context, CallTable *table, CallInspector *inspector, widgets::SelectionBar *bar, QWidget *pane)
    : QObject(pane), m_context(context), m_pane(pane), m_table(table), m_inspector(inspector), m_marks(new CallMarks(context, static_cast<CallListModel *>(table->model()), this))
{
    connect(table, &CallTable::menuWanted, this, &CallActions::fillMenu);
    bind(pane, QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_C), [this] { copy(one(), curlOf, tr("Copied as curl")); });
    bind(pane, QKeySequence(Qt::CTRL | Qt::ALT | Qt::Key_C), [this] { copy(one(), pythonOf, tr("Copied as Python")); });
    bind(pane, QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_D), [this] { compare(chosen()); });
    bind(pane, QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_R), [this] { replay(one()); });
    auto *both = bar->addAction(Icon::Diff, tr("Compare"));
    both->setObjectName(u"calls.compareSelected"_s);
    both->setToolTip(tr("Two calls side by side (Ctrl+Shift+D)"));
    connect(both, &QPushButton::clicked, this, [this] { compare(m_table->selectedIds()); });
    connect(table->selectionModel(), &QItemSelectionModel::selectionChanged, both, [this, both] {
        int rows = 0;
        for (const QItemSelectionRange &range : m_table->selectionModel()->selection())
            rows += range.height();
        both->setEnabled(rows == 2);
    });
    auto *again = new widgets::Button(widgets::Button::Kind::Flat, Icon::Play, tr("Replay…"));
    again->setObjectName(u"calls.replayOpen"_s);
    again->setToolTip(tr("Sends the call again (Ctrl+Shift+R)"));
    again->setSmall(true);
    if (!gateway::api::CallReplay::of(*context.gateway))
        again->hide();
    connect(again, &QPushButton::clicked, this, [this] { replay(m_inspector->id()); });
    inspector->marks()->row()->addWidget(again);
    if (m_marks->offered())
        setUpMarks(bar, pane);
    else
        inspector->marks()->hideMarks();
}

void CallActions::setUpMarks(widgets::SelectionBar *bar, QWidget *pane)
{
    for (int colour = 0; colour <= int(gateway::markColours.size()); ++colour)
        bind(pane, QKeySequence(Qt::ALT | Qt::Key(Qt::Key_0 + colour)), [this, colour] { m_marks->setColour(chosen(), colour); });
    auto *colours = bar->addAction(Icon::Tag, tr("Colour"));
    colours->setObjectName(u"calls.colour"_s);
    colours->setTrailing(Icon::Down);
    connect(colours, &QPushButton::clicked, this, [this, colours] {
        auto *menu = new QMenu(colours);
        menu->setObjectName(u"calls.colourMenu"_s);
        menu->setAttribute(Qt::WA_DeleteOnClose);
        fillColours(menu, m_table->selectedIds());
        menu->popup(colours->mapToGlobal(QPoint(0, colours->height() + 2)));
    });
    MarkStrip *strip = m_inspector->marks();
    connect(strip, &MarkStrip::colourWanted, m_marks, [this](const QString &id, int colour) { m_marks->setColour({id}, colour); });
    connect(strip, &MarkStrip::commentWanted, m_marks, &CallMarks::setComment);
    connect(m_marks, &CallMarks::changed, m_inspector, &CallInspector::changeMark);
}

void CallActions::bind(QWidget *pane, const QKeySequence &keys, std::function<void()> run)
{
    new QShortcut(keys, pane, this, std::move(run), Qt::WidgetWithChildrenShortcut);
}

QList<panes::PaletteEntry> CallActions::paletteEntries()
{
    QList<panes::PaletteEntry> entries;
    const QString id = one();
    if (id.isEmpty())
        return entries;
    entries.append({tr("Calls"), Icon::Terminal, tr("Copy the call as curl"), {}, u"Ctrl+Shift+C"_s, [this, id] { copy(id, curlOf, tr("Copied as curl")); }});
    entries.append({tr("Calls"), Icon::Terminal, tr("Copy the call as Python"), {}, u"Ctrl+Alt+C"_s, [this, id] { copy(id, pythonOf, tr("Copied as Python")); }});
    return entries;
}

void CallActions::fillMenu(QMenu *menu, const QStringList &ids)
{
    if (ids.size() == 1) {
        const QString id = ids.front();
        connect(menu->addAction(widgets::themedIcon(Icon::Terminal), tr("Copy as curl\tCtrl+Shift+C")), &QAction::triggered, this, [this, id] { copy(id, curlOf, tr("Copied as curl")); });
        connect(menu->addAction(tr("Copy as Python\tCtrl+Alt+C")), &QAction::triggered, this, [this, id] { copy(id, pythonOf, tr("Copied as Python")); });
        if (gateway::api::CallReplay::of(*m_context.gateway))
            connect(menu->addAction(widgets::themedIcon(Icon::Play), tr("Replay…\tCtrl+Shift+R")), &QAction::triggered, this, [this, id] { replay(id); });
    }
    if (ids.size() == 2)
        connect(menu->addAction(widgets::themedIcon(Icon::Diff), tr("Compare these two calls\tCtrl+Shift+D")), &QAction::triggered, this, [this, ids] { compare(ids); });
    if (!m_marks->offered())
        return;
    menu->addSeparator();
    QMenu *colours = menu->addMenu(widgets::themedIcon(Icon::Tag), ids.size() == 1 ? tr("Colour") : tr("Colour of %1 calls").arg(ids.size()));
    colours->setObjectName(u"calls.colourMenu"_s);
    fillColours(colours, ids);
    if (ids.size() == 1)
        connect(menu->addAction(widgets::themedIcon(Icon::Edit), tr("Comment")), &QAction::triggered, this, [this, id = ids.front()] { comment(id); });
}

void CallActions::fillColours(QMenu *menu, const QStringList &ids)
{
    for (int colour = 1; colour <= int(gateway::markColours.size()); ++colour)
        connect(menu->addAction(markIcon(colour, m_table), markName(colour) + u"\tAlt+%1"_s.arg(colour)), &QAction::triggered, this, [this, ids, colour] { m_marks->setColour(ids, colour); });
    menu->addSeparator();
    connect(menu->addAction(tr("No colour\tAlt+0")), &QAction::triggered, this, [this, ids] { m_marks->setColour(ids, 0); });
}

void CallActions::comment(const QString &id)
{
    const int row = static_cast<CallListModel *>(m_table->model())->rowOf(id);
    if (row < 0)
        return;
    Q_EMIT m_table->inspectWanted(row);
    m_inspector->marks()->editComment();
}

QStringList CallActions::chosen() const
{
    const QStringList ids = m_table->selectedIds();
    return ids.isEmpty() && m_inspector->isVisible() ? QStringList {m_inspector->id()} : ids;
}

QString CallActions::one() const
{
    const QStringList ids = chosen();
    return ids.size() == 1 ? ids.front() : QString();
}

void CallActions::withDetail(const QString &id, std::function<void(const gateway::CallDetail &)> run)
{
    m_context.gateway->call(bridge::utf8(id), this, [this, run = std::move(run)](const gateway::Result<gateway::CallDetail> &detail) {
        if (detail)
            run(*detail);
        else
            m_context.view->toast(tr("Cannot read the call: %1").arg(qt(detail.error().message)));
    });
}

void CallActions::compare(const QStringList &ids)
{
    if (ids.size() == 2)
        (new CompareDialog(m_context, ids[0], ids[1], m_pane))->open();
    else
        m_context.view->toast(tr("Choose two calls to compare them: the second with Ctrl held."));
}

void CallActions::replay(const QString &id)
{
    if (!gateway::api::CallReplay::of(*m_context.gateway))
        return;
    if (id.isEmpty()) {
        m_context.view->toast(tr("Choose one call to replay it."));
        return;
    }
    withDetail(id, [this](const gateway::CallDetail &detail) {
        auto *dialog = new ReplayDialog(m_context, detail, m_pane);
        connect(dialog, &ReplayDialog::compareWanted, this, [this](const QString &original, const QString &replay) { compare({original, replay}); });
        dialog->open();
    });
}

void CallActions::copy(const QString &id, Text text, const QString &said)
{
    if (id.isEmpty()) {
        m_context.view->toast(tr("Choose one call to copy it as code."));
        return;
    }
    withDetail(id, [this, text, said](const gateway::CallDetail &detail) {
        QGuiApplication::clipboard()->setText(text(detail.record, *m_context.gateway));
        const gateway::CapturedBodies &bodies = detail.record.bodies;
        m_context.view->toast(bodies.request.empty() || bodies.requestCut ? tr("%1, with a small body in place of one that is not kept whole").arg(said) : said);
    });
}

} // namespace ui::calls
