// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/routes/simulate_panel.h"

#include "ui/bridge/text.h"
#include "ui/panes/routes/form_parts.h"
#include "ui/panes/routes/json_field.h"
#include "ui/widgets/format.h"
#include "ui/widgets/segmented_control.h"

#include <QComboBox>

using namespace Qt::StringLiterals;

namespace ui::routes {

using namespace widgets;
using gateway::ProviderFault;
using gateway::SimulatedStep;
using gateway::Simulation;

namespace {

constexpr int mostTokens = 2'000'000;

struct StepLook
{
    Icon icon;
    Role role;
};

StepLook lookOf(SimulatedStep::End end)
{
    switch (end) {
    case SimulatedStep::End::Answered: return {Icon::Ok, Role::Ok};
    case SimulatedStep::End::Failed: return {Icon::Error, Role::Err};
    case SimulatedStep::End::Skipped: break;
    }
    return {Icon::Skipped, Role::Warn};
}

/// "after 250 ms, 1.41 s, $0.0041"
QString figuresOf(const SimulatedStep &step)
{
    QStringList parts;
    if (step.end == SimulatedStep::End::Skipped)
        return bridge::qt(step.words);
    if (step.startsAt > gateway::Duration::zero())
        parts << SimulatePanel::tr("after %1").arg(latency(step.startsAt));
    if (step.tookKnown)
        parts << SimulatePanel::tr("took %1").arg(latency(step.took));
    else if (step.end == SimulatedStep::End::Answered)
        parts << SimulatePanel::tr("duration not known");
    if (step.end == SimulatedStep::End::Answered)
        parts << money(step.cost);
    else
        parts << bridge::qt(step.words);
    return parts.join(u" · "_s);
}

} // namespace

QString stepWords(const SimulatedStep &step)
{
    const QString target = SimulatePanel::tr("%1 at %2").arg(bridge::qt(step.model), bridge::qt(step.provider));
    switch (step.end) {
    case SimulatedStep::End::Answered: return SimulatePanel::tr("%1 answers: %2").arg(target, figuresOf(step));
    case SimulatedStep::End::Failed: return SimulatePanel::tr("%1 fails: %2").arg(target, figuresOf(step));
    case SimulatedStep::End::Skipped: break;
    }
    return SimulatePanel::tr("%1 is not asked: %2").arg(target, figuresOf(step));
}

SimulatePanel::SimulatePanel(QWidget *parent)
    : SidePanel(Icon::Play, tr("Simulate a call"), parent), m_providers(new QGridLayout), m_steps(new QGridLayout), m_key(new QComboBox), m_metadata(new JsonField), m_input(new QSpinBox), m_output(new QSpinBox), m_end(new StateLabel),
      m_total(new Label(Label::Kind::Secondary))
{
    setObjectName(u"routes.simulation"_s);
    m_providers->setContentsMargins(16, 10, 16, 12);
    m_providers->setVerticalSpacing(8);
    m_providers->setColumnStretch(0, 1);
    QVBoxLayout *column = addScrolledColumn();
    column->addLayout(m_providers);
    column->addWidget(new Divider(Qt::Horizontal));
    setUpCall(column);
    setUpResult(column);
    column->addStretch(1);
}

void SimulatePanel::setUpCall(QVBoxLayout *column)
{
    FieldGrid grid(column);
    m_key->setObjectName(u"routes.simulation.key"_s);
    m_key->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    grid.add(tr("Key"), m_key);
    connect(m_key, &QComboBox::activated, this, &SimulatePanel::queryChanged);
    m_metadata->setObjectName(u"routes.simulation.metadata"_s);
    m_metadata->setPlaceholderText(u"{\"tier\": \"free\"}"_s);
    grid.add(tr("Metadata"), m_metadata);
    connect(m_metadata, &JsonField::valueChanged, this, &SimulatePanel::queryChanged);
    for (const auto &[box, label, name, value] : {std::tuple {m_input, tr("Tokens in"), u"input"_s, 1000}, std::tuple {m_output, tr("Tokens out"), u"output"_s, 300}}) {
        box->setObjectName(u"routes.simulation."_s + name);
        box->setRange(0, mostTokens);
        box->setSingleStep(100);
        box->setGroupSeparatorShown(true);
        box->setValue(value);
        grid.add(label, box);
        connect(box, &QSpinBox::valueChanged, this, &SimulatePanel::queryChanged);
    }
    auto *another = new Button(Icon::Refresh, tr("Another call"));
    another->setObjectName(u"routes.simulation.another"_s);
    another->setToolTip(tr("Draws anew what is drawn: a split's branch, a balance's choice"));
    grid.addWide(another);
    connect(another, &QPushButton::clicked, this, [this] {
        ++m_seed;
        Q_EMIT queryChanged();
    });
    column->addWidget(new Divider(Qt::Horizontal));
}

void SimulatePanel::setUpResult(QVBoxLayout *column)
{
    m_end->setObjectName(u"routes.simulation.end"_s);
    m_end->setWordWrap(true);
    m_total->setObjectName(u"routes.simulation.total"_s);
    m_total->setWordWrap(true);
    auto *box = new QVBoxLayout;
    box->setContentsMargins(16, 10, 16, 12);
    box->setSpacing(8);
    box->addWidget(m_end);
    box->addWidget(m_total);
    m_steps->setContentsMargins(0, 0, 0, 0);
    m_steps->setHorizontalSpacing(8);
    m_steps->setVerticalSpacing(8);
    m_steps->setColumnStretch(1, 1);
    box->addLayout(m_steps);
    column->addLayout(box);
    auto *note = words(tr("Nothing is sent. What rests now rests here too; durations are what the targets took of late, costs are by the prices."));
    note->setContentsMargins(16, 0, 16, 12);
    column->addWidget(note);
}

void SimulatePanel::setProviders(const QStringList &names)
{
    if (names == m_names)
        return; // the row that is being used stays
    m_names = names;
    qDeleteAll(m_providerWidgets);
    m_providerWidgets.clear();
    m_first = nullptr;
    for (int row = 0; row < names.size(); ++row)
        setProvider(row, names[row]);
}

void SimulatePanel::setKeys(const QStringList &names) { offer(m_key, tr("none"), names); }

void SimulatePanel::setProvider(int row, const QString &name)
{
    auto *label = new Label(Label::Kind::Body, name);
    label->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    label->setToolTip(name);
    auto *state = new SegmentedControl({tr("Well"), tr("Down"), tr("Slow"), tr("429")});
    state->setObjectName(u"routes.simulation.fault."_s + name);
    state->setAccessibleName(tr("What %1 does").arg(name));
    state->setSmall(true);
    state->setCurrent(m_faults.value(name));
    m_providers->addWidget(label, row, 0);
    m_providers->addWidget(state, row, 1);
    m_providerWidgets << label << state;
    if (!m_first)
        m_first = state;
    connect(state, &SegmentedControl::currentChanged, this, [this, name](int fault) {
        m_faults.insert(name, fault);
        Q_EMIT queryChanged();
    });
}

gateway::api::SimulationQuery SimulatePanel::query() const
{
    gateway::api::SimulationQuery query;
    for (auto it = m_faults.cbegin(); it != m_faults.cend(); ++it)
        if (it.value() > 0)
            query.faults.emplace(bridge::utf8(it.key()), static_cast<ProviderFault>(it.value() - 1));
    query.key = bridge::utf8(m_key->currentData().toString());
    query.metadata = m_metadata->value().text;
    query.inputTokens = m_input->value();
    query.outputTokens = m_output->value();
    query.seed = m_seed;
    return query;
}

void SimulatePanel::clearSteps()
{
    qDeleteAll(m_stepWidgets);
    m_stepWidgets.clear();
}

void SimulatePanel::showProblem(const QString &why)
{
    clearSteps();
    m_end->setState(Icon::Error, Role::Err, why);
    m_total->hide();
}

void SimulatePanel::showResult(const Simulation &simulation)
{
    clearSteps();
    int asked = 0;
    for (const SimulatedStep &step : simulation.steps)
        asked += step.end != SimulatedStep::End::Skipped;
    if (simulation.answered)
        m_end->setState(Icon::Ok, Role::Ok, tr("%1 answers").arg(bridge::qt(simulation.steps.back().model)), true);
    else
        m_end->setState(Icon::Error, Role::Err, simulation.error.empty() ? tr("Nobody answers") : bridge::qt(simulation.error));
    const QString attempts = asked == 1 ? tr("1 attempt") : tr("%1 attempts").arg(asked);
    const QString cost = simulation.answered ? u" · "_s + money(simulation.steps.back().cost) : QString();
    const bool known = !simulation.answered || simulation.steps.back().tookKnown;
    m_total->setText(u"%1 · %2%3"_s.arg(attempts, known ? latency(simulation.latency) : tr("%1 and an answer").arg(latency(simulation.latency)), cost));
    m_total->show();
    int number = 0;
    for (const SimulatedStep &step : simulation.steps)
        addStep(number++, step);
}

void SimulatePanel::addStep(int number, const SimulatedStep &step)
{
    const StepLook look = lookOf(step.end);
    auto *sign = new StateLabel(look.icon, look.role, QString());
    sign->setFixedWidth(18);
    auto *text = new QWidget;
    auto *column = new QVBoxLayout(text);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    auto *title = new Label(Label::Kind::Body, tr("%1 at %2").arg(bridge::qt(step.model), bridge::qt(step.provider)));
    auto *figures = words(figuresOf(step));
    title->setWordWrap(true);
    column->addWidget(title);
    column->addWidget(figures);
    text->setObjectName(u"routes.simulation.step.%1"_s.arg(number));
    text->setAccessibleName(tr("%1. %2").arg(number + 1).arg(stepWords(step)));
    m_steps->addWidget(sign, number, 0, Qt::AlignTop);
    m_steps->addWidget(text, number, 1);
    m_stepWidgets << sign << text;
}

QWidget *SimulatePanel::firstField() { return m_first ? static_cast<QWidget *>(m_first) : m_input; }

} // namespace ui::routes
