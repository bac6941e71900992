// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/costs/sql_view.h"

#include "ui/bridge/text.h"
#include "ui/panes/costs/sql_edit.h"
#include "ui/panes/costs/sql_results.h"
#include "ui/panes/costs/sql_side.h"
#include "ui/panes/pin_dialog.h"
#include "ui/panes/pinned_queries.h"
#include "ui/widgets/format.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/save_file.h"
#include "ui/widgets/states.h"

#include <QShortcut>
#include <QStackedWidget>
#include <QTimer>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace ui::costs {

using gateway::SqlAnswer;
using widgets::Icon;
using widgets::Role;

SqlView::~SqlView()
{
    if (m_running)
        m_tools.cancel();
}

QWidget *SqlView::focusTarget() const { return m_edit; }

void SqlView::ask(const QString &text)
{
    if (m_edit->toPlainText() != text)
        m_edit->replaceAll(text);
    run();
}

void SqlView::run()
{
    const std::string text = bridge::utf8(m_edit->toPlainText());
    auto question = gateway::sqlQuestion(text);
    if (!question) {
        if (m_running)
            cancel();
        showProblem(question.error());
        return;
    }
    m_saved.remember(m_edit->toPlainText().trimmed());
    m_side->refreshHistory();
    if (question->limited) {
        const int place = m_edit->textCursor().position();
        m_edit->replaceAll(bridge::qt(question->text));
        QTextCursor cursor = m_edit->textCursor();
        cursor.setPosition(qMin(place, m_edit->document()->characterCount() - 1));
        m_edit->setTextCursor(cursor);
    }
    m_edit->clearMarks();
    if (question->limited)
        m_edit->showAdded(question->from, question->to);
    m_problem->hide();
    m_banner->hide();
    m_limit->setVisible(question->limited);
    m_limit->setText(tr("LIMIT %1 added").arg(widgets::count(gateway::sqlRowsByDefault)));
    m_progress = {};
    setRunning(true);
    const quint64 generation = ++m_generation;
    m_tools.ask(
        std::move(*question), this,
        [this, generation](const gateway::SqlProgress &progress) {
            if (generation == m_generation)
                m_progress = progress;
        },
        [this, generation](const gateway::SqlOutcome &outcome) {
            if (generation == m_generation)
                take(outcome);
        });
}

void SqlView::cancel()
{
    if (!m_running)
        return;
    ++m_generation;
    m_tools.cancel();
    setRunning(false);
    m_state->setState(Icon::Skipped, Role::Muted, tr("Cancelled"));
    m_note->setText(tr("after %1").arg(widgets::latency(qint64(m_clock.elapsed()) * 1000)));
    showPage();
}

void SqlView::setRunning(bool running)
{
    m_running = running;
    m_escape->setEnabled(running);
    m_run->setKind(running ? widgets::Button::Kind::Plain : widgets::Button::Kind::Primary);
    m_run->setSymbol(running ? Icon::Close : Icon::Play);
    m_run->setText(running ? tr("Cancel") : tr("Run"));
    m_run->setKeyHint(running ? tr("Esc") : tr("Ctrl+Enter"));
    m_run->setAccessibleName(running ? tr("Cancel the query") : tr("Run the query"));
    if (!running) {
        m_tick->stop();
        m_skeleton->end();
        widgets::setDimmed(m_results, false);
        return;
    }
    m_clock.start();
    m_tick->start();
    m_state->setState(Icon::Clock, Role::Accent, tr("Running"));
    m_note->clear();
    if (m_results->model().answer()) {
        widgets::setDimmed(m_results, true); // of the query before
    } else {
        m_pages->setCurrentWidget(m_skeleton);
        m_skeleton->begin({});
    }
}

void SqlView::showElapsed()
{
    const QString elapsed = widgets::latency(qint64(m_clock.elapsed()) * 1000);
    m_note->setText(m_progress.rows > 0 ? tr("%1, %2 rows so far").arg(elapsed, widgets::count(m_progress.rows)) : elapsed);
}

void SqlView::take(const gateway::SqlOutcome &outcome)
{
    setRunning(false);
    if (outcome)
        showAnswer(*outcome);
    else
        showProblem(outcome.error());
}

void SqlView::showAnswer(std::shared_ptr<const SqlAnswer> answer)
{
    const std::size_t rows = answer->result.rows();
    m_state->setState(Icon::Ok, Role::Ok, rows == 1 ? tr("1 row") : tr("%1 rows").arg(widgets::count(rows)));
    QString note = widgets::latency(answer->took.count());
    if (answer->cut == SqlAnswer::Cut::Rows)
        note += u" · "_s + tr("more than a million are not shown");
    else if (answer->cut == SqlAnswer::Cut::Bytes)
        note += u" · "_s + tr("more than 256 MB are not shown");
    else if (answer->question.limited && rows == std::size_t(gateway::sqlRowsByDefault))
        note += u" · "_s + tr("the LIMIT ended it, there may be more");
    m_note->setText(note);
    m_results->setAnswer(std::move(answer));
    showPage();
}

void SqlView::showProblem(const gateway::SqlProblem &problem)
{
    m_note->clear();
    if (problem.code == gateway::ErrorCode::Cancelled) {
        m_state->setState(Icon::Skipped, Role::Muted, tr("Cancelled"));
    } else if (problem.code == gateway::ErrorCode::BadRequest) {
        m_state->setState(Icon::Error, Role::Err, tr("Not run"));
        m_problem->setText(bridge::qt(problem.message));
        m_problem->show();
        if (problem.to > 0 || problem.from > 0)
            m_edit->showProblem(problem.from, problem.to);
        m_edit->setAccessibleDescription(m_problem->text());
    } else {
        m_state->setState(Icon::Error, Role::Err, tr("Failed"));
        m_banner->setContent(tr("The call log cannot be read"), bridge::qt(problem.message));
        m_banner->show();
    }
    showPage();
    if (m_results->model().answer() && problem.code != gateway::ErrorCode::Cancelled)
        m_note->setText(tr("below is what the query before gave"));
}

void SqlView::showPage()
{
    const bool answered = m_results->model().answer() != nullptr;
    m_pages->setCurrentWidget(answered ? static_cast<QWidget *>(m_results) : m_samples);
    m_export->setEnabled(answered && m_results->model().rowCount() > 0);
    m_copy->setEnabled(m_export->isEnabled());
    m_pin->setEnabled(answered);
}

void SqlView::textChanged()
{
    m_limit->hide();
    m_problem->hide();
    m_edit->setAccessibleDescription({});
    m_save->setEnabled(!m_edit->toPlainText().trimmed().isEmpty());
    m_draftPause->start();
}

void SqlView::pin()
{
    const std::shared_ptr<const SqlAnswer> answer = m_results->model().answer();
    if (!answer)
        return;
    const QString text = bridge::qt(answer->question.text);
    const QList<SavedQuery> &saved = m_saved.queries();
    const auto named = std::ranges::find_if(saved, [&](const SavedQuery &query) { return query.text.trimmed() == text.trimmed(); });
    auto *dialog = new panes::PinDialog(tr("Pin the result to Overview"), tr("Pin"), named != saved.end() ? named->name : tr("Query"), window());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &panes::PinDialog::named, this, [this, text](const QString &title) {
        panes::PinnedQueries pins(m_context.settings);
        const panes::PinnedQuery pinned = pins.add(title, text, m_results->chartShown());
        if (pinned.id.isEmpty())
            m_context.view->toast(tr("Overview holds %1 pinned queries at most. Unpin one there first.").arg(panes::PinnedQueries::most));
        else
            m_context.view->toast(tr("%1 pinned to Overview").arg(title), [settings = m_context.settings, id = pinned.id] { panes::PinnedQueries(settings).remove(id); });
    });
    dialog->open();
}

void SqlView::save() { m_side->add(m_edit->toPlainText().trimmed()); }

void SqlView::exportCsv()
{
    widgets::askWhereToSave(this, widgets::tableOffer(u"query"_s), [this](const QString &path) { m_results->exportTo(path); });
}

} // namespace ui::costs
