// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/settings/sinks_line.h"

#include "gateway/api/telemetry_tools.h"
#include "ui/bridge/config_draft.h"
#include "ui/bridge/text.h"
#include "ui/panes/settings/sink_form.h"
#include "ui/panes/settings/sinks_model.h"
#include "ui/panes/settings/telemetry_words.h"
#include "ui/widgets/button.h"
#include "ui/widgets/dialog.h"
#include "ui/widgets/format.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/table_view.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QItemSelectionModel>
#include <QShortcut>
#include <QVBoxLayout>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace ui::settings {

using bridge::qt;
using gateway::api::TelemetryTools;
using widgets::Button;
using widgets::Icon;
using widgets::Label;

namespace {

constexpr int rowHeight = static_cast<int>(widgets::RowHeight::Card);

} // namespace

SinksLine::SinksLine(gateway::api::Gateway &gateway, bridge::ViewContext &view, QWidget *parent)
    : TelemetryLine(tr("Log sinks"), tr("Calls are written there too, as lines of JSON. While one is away its calls wait in the log."), u"telemetry log sinks export archive folder file s3 bucket object storage jsonl telemetry.sinks"_s, gateway, view, parent), m_model(new SinksModel(this)),
      m_table(new widgets::TableView(widgets::RowHeight::Card)), m_create(new Button(Icon::Plus, tr("New sink…"))), m_change(new Button(tr("Change…"))), m_turn(new Button(tr("Turn off"))), m_remove(new Button(tr("Remove…"))), m_below(makeBelow()),
      m_problems(m_below->findChild<Label *>(u"settings.sinks.problems"_s))
{
    setObjectName(u"settings.sinks"_s);
    m_create->setObjectName(u"settings.sinks.new"_s);
    connect(m_create, &QPushButton::clicked, this, &SinksLine::create);
    setField(m_create);
    setBelow(m_below);
    start();
}

QWidget *SinksLine::makeBelow()
{
    m_table->setObjectName(u"settings.sinks.table"_s);
    m_table->setAccessibleName(tr("Log sinks"));
    m_table->setModel(m_model);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setRowLines(true);
    m_table->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed); // the line would take all the room there is
    m_table->setEdgePadding(8);
    m_table->horizontalHeader()->setSectionsClickable(false);
    m_table->setColumnWidths({120, 0, 80, 80, 176});
    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this, &SinksLine::showActions);
    connect(m_table, &QAbstractItemView::doubleClicked, this, &SinksLine::change);
    for (const auto &[key, method] : {std::pair {Qt::Key_Delete, &SinksLine::remove}, {Qt::Key_F2, &SinksLine::change}}) {
        auto *shortcut = new QShortcut(key, m_table, nullptr, nullptr, Qt::WidgetShortcut);
        connect(shortcut, &QShortcut::activated, this, method);
    }
    auto *problems = new Label(Label::Kind::Note);
    problems->setObjectName(u"settings.sinks.problems"_s);
    problems->setRole(widgets::Role::Err);
    problems->setWordWrap(true);
    problems->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    auto *below = new QWidget;
    auto *column = new QVBoxLayout(below);
    column->setContentsMargins(0, 0, 0, 4);
    column->setSpacing(8);
    column->addWidget(m_table);
    column->addWidget(problems);
    column->addWidget(makeButtons());
    return below;
}

QWidget *SinksLine::makeButtons()
{
    m_change->setObjectName(u"settings.sinks.change"_s);
    m_turn->setObjectName(u"settings.sinks.turn"_s);
    m_remove->setObjectName(u"settings.sinks.remove"_s);
    connect(m_change, &QPushButton::clicked, this, &SinksLine::change);
    connect(m_turn, &QPushButton::clicked, this, &SinksLine::turn);
    connect(m_remove, &QPushButton::clicked, this, &SinksLine::remove);
    auto *bar = new QWidget;
    auto *row = new QHBoxLayout(bar);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(8);
    for (Button *button : {m_change, m_turn, m_remove})
        row->addWidget(button);
    row->addStretch();
    return bar;
}

/// What is chosen stays so.
void SinksLine::refresh()
{
    const LogSink *before = m_model->sink(m_table->selectionModel()->hasSelection() ? m_table->currentIndex().row() : -1);
    const std::string name = before ? before->name : std::string();
    m_model->setSinks(gateway().config()->telemetry.sinks);
    if (const int row = m_model->rowOf(name); row >= 0)
        m_table->selectRow(row);
    m_table->setFixedHeight(m_table->horizontalHeader()->height() + m_model->rowCount() * rowHeight + 2);
    m_below->setVisible(m_model->rowCount() > 0);
    const bool full = m_model->rowCount() >= static_cast<int>(gateway::config::mostLogSinks);
    m_create->setEnabled(!isLocked() && !full);
    m_create->setToolTip(full ? tr("There are %1 sinks; more are not written to.").arg(gateway::config::mostLogSinks) : lockWords());
    showState();
    showActions();
}

void SinksLine::showState()
{
    const auto *tools = TelemetryTools::of(gateway());
    const auto statuses = tools ? tools->sinks() : std::vector<gateway::SinkStatus>();
    QStringList problems;
    for (const gateway::SinkStatus &status : statuses) {
        if (!status.problem.empty())
            problems.append(qt(status.problem));
        if (status.dropped > 0)
            problems.append(tr("%1 lacks about %2 calls: the log removed them before they could be written there.").arg(qt(status.name), widgets::count(status.dropped)));
    }
    m_problems->setText(problems.join(u'\n'));
    m_problems->setVisible(!problems.isEmpty());
    m_model->setStatuses(statuses);
}

const gateway::config::LogSink *SinksLine::chosen() const
{
    return isLocked() || !m_table->selectionModel()->hasSelection() ? nullptr : m_model->sink(m_table->currentIndex().row());
}

void SinksLine::showActions()
{
    const LogSink *sink = chosen();
    const QString why = sink ? QString() : isLocked() ? lockWords() : tr("Choose a sink first.");
    for (Button *button : {m_change, m_turn, m_remove}) {
        button->setEnabled(sink != nullptr);
        button->setToolTip(why);
        button->setAccessibleDescription(why);
    }
    m_turn->setText(sink && !sink->enabled ? tr("Turn on") : tr("Turn off"));
}

void SinksLine::create()
{
    auto *form = new SinkForm(gateway(), view(), nullptr, window());
    form->open();
}

void SinksLine::change()
{
    if (const LogSink *sink = chosen()) {
        auto *form = new SinkForm(gateway(), view(), sink, window());
        form->open();
    }
}

void SinksLine::turn()
{
    const LogSink *sink = chosen();
    if (!sink)
        return;
    const bool on = !sink->enabled;
    bridge::ConfigDraft::applyNow(gateway(), view(), (on ? tr("Log sink \"%1\" turned on") : tr("Log sink \"%1\" turned off")).arg(qt(sink->name)), [name = sink->name, on](gateway::config::Config &config) {
        const auto found = std::ranges::find(config.telemetry.sinks, name, &LogSink::name);
        if (found != config.telemetry.sinks.end())
            found->enabled = on;
    });
}

void SinksLine::remove()
{
    const LogSink *sink = chosen();
    if (!sink)
        return;
    auto *dialog = new widgets::ConfirmDialog(tr("Remove log sink \"%1\"?").arg(qt(sink->name)), tr("What is there stays there. Calls that wait do not come there any more."), tr("Remove sink"), window());
    dialog->setObjectName(u"settings.removeSink"_s);
    dialog->addEffect(tr("Where to"), placeOf(*sink));
    const auto without = [name = sink->name](gateway::config::TelemetrySettings &telemetry) { std::erase_if(telemetry.sinks, [&](const LogSink &each) { return each.name == name; }); };
    auto after = settings();
    without(after);
    const bool forGood = losesSecrets(settings(), after);
    if (forGood)
        dialog->addEffect(tr("Its keys"), tr("are forgotten; to undo this they would have to be typed again"));
    connect(dialog, &widgets::ConfirmDialog::confirmed, this, [this, without, forGood, words = tr("Log sink \"%1\" removed").arg(qt(sink->name))] {
        const auto change = [without](gateway::config::Config &config) { without(config.telemetry); };
        if (!forGood)
            return bridge::ConfigDraft::applyNow(gateway(), view(), words, change);
        gateway::config::Config next = *gateway().config();
        change(next);
        gateway().apply(std::move(next), gateway().revision().number, bridge::utf8(words), this, [this, words](const gateway::api::ApplyOutcome &outcome) { view().toast(outcome.applied ? words : tr("The gateway did not take it.")); });
    });
    dialog->open();
}

} // namespace ui::settings
