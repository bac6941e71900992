// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/alerts/alert_inspector.h"

#include "ui/bridge/text.h"
#include "ui/panes/draft_footer.h"
#include "ui/panes/form_row.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/tab_strip.h"

#include <QCheckBox>
#include <QScrollArea>
#include <QStackedWidget>

using namespace Qt::StringLiterals;

namespace ui::alerts {

using bridge::qt;
using widgets::Button;

AlertInspector::AlertInspector(bridge::ConfigDraft &draft, QWidget *parent)
    : DraftInspector(draft, u"alerts"_s, {tr("Alert"), tr("Mail server")}, tr("Choose an alert to see what it watches."), parent),
      m_duplicate(Button::iconOnly(widgets::Icon::Duplicate, tr("The same again, off and under another name"), nullptr, Button::Kind::Flat)), m_form(new AlertForm), m_mail(new SmtpForm), m_scroll(addPage(m_form))
{
    addPage(m_mail);
    m_tabs->setAccessibleName(tr("Alert or mail server"));
    m_on->setToolTip(tr("What is off is kept, and watches nothing (Space)"));
    m_duplicate->setObjectName(u"alerts.duplicate"_s);
    m_duplicate->setSmall(true);
    layOut({m_on, m_duplicate, m_remove});
    connect(m_duplicate, &QPushButton::clicked, this, &AlertInspector::duplicateWanted);
    connect(m_form, &AlertForm::edited, this, &AlertInspector::edited);
    connect(m_form, &AlertForm::secretMade, this, &AlertInspector::secretMade);
    connect(m_mail, &SmtpForm::edited, this, &AlertInspector::smtpEdited);
    connect(m_form, &AlertForm::typed, this, &AlertInspector::refreshFooter);
    connect(m_mail, &SmtpForm::typed, this, &AlertInspector::refreshFooter);
    refresh();
}

void AlertInspector::show(int alert)
{
    if (alert != std::exchange(m_alert, alert))
        m_scroll->ensureVisible(0, 0);
    refresh();
}

void AlertInspector::refresh()
{
    const bool mail = m_tabs->current() == MailTab;
    clearHead();
    if (mail)
        showMail();
    else
        showAlert();
    showProblemsBeside(mail ? u"smtp"_s : u"alerts[%1]"_s.arg(m_alert));
    refreshFooter();
}

void AlertInspector::showAlert()
{
    const auto &config = m_draft.config();
    if (m_alert < 0 || m_alert >= static_cast<int>(config.alerts.size())) {
        m_title->setText(config.alerts.empty() ? tr("No alert") : tr("No alert is chosen"));
        m_pages->setCurrentIndex(NothingPage);
        return;
    }
    const Alert &alert = config.alerts[static_cast<std::size_t>(m_alert)];
    const bool editable = alert.origin != gateway::config::Origin::File;
    showChosen(qt(alert.name), alert.enabled, editable);
    showLock(!editable);
    m_duplicate->setVisible(true);
    m_form->show(config, alert, editable, panes::problemsBelow(m_draft.problems(), u"alerts[%1]"_s.arg(m_alert)));
    m_pages->setCurrentIndex(AlertPage);
}

void AlertInspector::showMail()
{
    const auto &config = m_draft.config();
    const bool editable = !config.fileSections.contains("smtp");
    m_title->setText(tr("Mail server"));
    showLock(!editable);
    m_mail->show(config.smtp, editable, panes::problemsBelow(m_draft.problems(), u"smtp"_s));
    m_pages->setCurrentIndex(MailPage);
}

void AlertInspector::refreshFooter()
{
    const QString wrong = m_pages->currentIndex() == AlertPage ? m_form->typedWrong() : QString();
    m_footer->setWrong(wrong.isEmpty() ? m_mail->typedWrong() : wrong);
}

void AlertInspector::focusName()
{
    setTab(AlertTab);
    m_form->focusName();
}

void AlertInspector::focusMail()
{
    setTab(MailTab);
    m_mail->focusFirst();
}

} // namespace ui::alerts
