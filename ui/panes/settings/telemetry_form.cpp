// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/settings/telemetry_form.h"

#include "ui/bridge/config_merge.h"
#include "ui/bridge/text.h"
#include "ui/bridge/view_context.h"
#include "ui/panes/form_row.h"
#include "ui/panes/settings/telemetry_words.h"
#include "ui/widgets/form_field.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/problem_note.h"
#include "ui/widgets/states.h"

#include <QGridLayout>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace ui::settings {

namespace {

using bridge::ConfigDraft;
using bridge::qt;
using widgets::Button;
using widgets::Label;

constexpr int formWidth = 600, labelWidth = 128, fieldHeight = 28;

} // namespace

TelemetryForm::TelemetryForm(gateway::api::Gateway &gateway, bridge::ViewContext &view, widgets::Icon icon, const QString &title, const QString &name, QWidget *parent)
    : Dialog(icon, widgets::Role::Accent, title, parent), m_gateway(gateway), m_view(view), m_draft(gateway), m_name(name), m_banner(new widgets::SectionBanner), m_grid(new QGridLayout)
{
    setObjectName(name);
    setAttribute(Qt::WA_DeleteOnClose);
    setMinimumWidth(formWidth);
    setFitting(true);
    m_banner->setObjectName(name + u".problem"_s);
    m_banner->hide();
    body()->addWidget(m_banner);
    m_grid->setHorizontalSpacing(12);
    m_grid->setVerticalSpacing(4);
    m_grid->setColumnMinimumWidth(0, labelWidth);
    m_grid->setColumnStretch(1, 1);
    body()->addLayout(m_grid);
    connect(&m_draft, &ConfigDraft::checked, this, &TelemetryForm::tellProblems);
}

void TelemetryForm::addLine(const QString &label, QWidget *field, const QString &name)
{
    const int row = m_grid->rowCount();
    auto *text = new Label(Label::Kind::Field, label);
    text->setFixedHeight(fieldHeight);
    text->setBuddy(field);
    field->setObjectName(u"%1.%2"_s.arg(m_name, name));
    if (field->accessibleName().isEmpty())
        field->setAccessibleName(label);
    field->setMinimumHeight(fieldHeight);
    auto *problem = widgets::makeProblemNote(field);
    problem->setObjectName(u"%1.%2.problem"_s.arg(m_name, name));
    m_grid->addWidget(text, row, 0, Qt::AlignTop | Qt::AlignRight);
    m_grid->addWidget(field, row, 1);
    m_grid->addWidget(problem, row + 1, 1);
    m_lines.append({text, field, name});
}

void TelemetryForm::setLineShown(const QString &name, bool shown)
{
    for (const Line &line : std::as_const(m_lines)) {
        if (line.name != name)
            continue;
        line.label->setVisible(shown);
        line.field->setVisible(shown);
    }
}

void TelemetryForm::addButtons(const QString &submit)
{
    connect(addButton(Button::Kind::Plain, tr("Cancel")), &QPushButton::clicked, this, &QDialog::reject);
    m_submit = addButton(Button::Kind::Primary, submit);
    m_submit->setObjectName(m_name + u".submit"_s);
    m_submit->setDefault(true);
    connect(m_submit, &QPushButton::clicked, this, &TelemetryForm::submit);
}

void TelemetryForm::edited()
{
    if (m_refused)
        toDraft();
}

/// Always from what the gateway has: what somebody else changed meanwhile stays.
void TelemetryForm::toDraft()
{
    m_draft.edit(doneWords(), [this](gateway::config::Config &config) {
        config.telemetry = before();
        write(config.telemetry);
    }, u"telemetry"_s);
}

void TelemetryForm::submit()
{
    if (QWidget *field = unreadable()) {
        field->setFocus();
        return;
    }
    toDraft();
    if (!m_draft.dirty())
        return accept();
    m_submit->setEnabled(false);
    const QString words = doneWords();
    const auto was = std::make_shared<const gateway::config::Config>(m_draft.live());
    m_draft.apply(words, [this, words, was](const gateway::api::ApplyOutcome &outcome) {
        m_submit->setEnabled(true);
        if (!outcome.applied) {
            m_refused = true;
            tellProblems();
            return focusProblem();
        }
        const auto now = m_gateway.config();
        if (losesSecrets(was->telemetry, now->telemetry)) {
            m_view.toast(words); // an undo would ask for what nobody has any more
        } else {
            m_view.toast(words, [&gateway = m_gateway, &view = m_view, was, now, undone = tr("%1: undone").arg(words)] {
                ConfigDraft::applyNow(gateway, view, undone, [was, now](gateway::config::Config &config) { config = bridge::rebased(*was, *now, config); });
            });
        }
        accept();
    });
}

/// The first that is wrong gets the keys.
void TelemetryForm::focusProblem()
{
    for (const Line &line : std::as_const(m_lines)) {
        if (!widgets::isInvalid(line.field) || line.field->isHidden())
            continue;
        QWidget *first = line.field;
        while (first->focusPolicy() == Qt::NoFocus && first != this && (first == line.field || line.field->isAncestorOf(first)))
            first = first->nextInFocusChain();
        return first->setFocus(Qt::TabFocusReason);
    }
}

/// Each at its field; what belongs to none stands above all.
void TelemetryForm::tellProblems()
{
    if (!m_refused)
        return;
    auto problems = panes::problemsBelow(m_draft.problems(), prefix());
    if (const QString line = lineOfWhole(); !line.isEmpty() && problems.contains({}))
        problems.insert(line, problems.take({}));
    QHash<QString, QString> left = problems;
    for (const Line &line : std::as_const(m_lines)) {
        QStringList words;
        for (auto at = left.begin(); at != left.end();) {
            const bool mine = at.key() == line.name || at.key().startsWith(line.name + u'.');
            if (mine)
                words.append(at.value());
            at = mine ? left.erase(at) : std::next(at);
        }
        words.sort();
        words.removeDuplicates();
        panes::markField(line.field, words.join(u'\n'));
    }
    QStringList others(left.cbegin(), left.cend());
    for (const gateway::api::FieldError &problem : m_draft.problems()) {
        const QString field = qt(problem.field);
        if (!problem.warning && field != prefix() && !field.startsWith(prefix() + u'.'))
            others.append(field.isEmpty() ? qt(problem.message) : tr("%1: %2").arg(field, qt(problem.message)));
    }
    others.sort();
    m_banner->setContent(others.join(u'\n'));
    m_banner->setVisible(!others.isEmpty());
    showProblems(problems);
}

} // namespace ui::settings
