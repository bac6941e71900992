// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/routes/json_field.h"

#include "ui/bridge/text.h"
#include "ui/widgets/form_field.h"
#include "ui/widgets/theme.h"

#include <QJsonDocument>

namespace ui::routes {

using widgets::setInvalid;

JsonField::JsonField(QWidget *parent) : QLineEdit(parent)
{
    setFont(widgets::monoFont(12));
    connect(this, &QLineEdit::textEdited, this, &JsonField::read);
}

void JsonField::read(const QString &text)
{
    const QString trimmed = text.trimmed();
    QString problem;
    if (!trimmed.isEmpty()) {
        QJsonParseError error;
        const QJsonDocument document = QJsonDocument::fromJson(trimmed.toUtf8(), &error);
        if (error.error != QJsonParseError::NoError)
            problem = tr("Not JSON at character %1: %2").arg(error.offset + 1).arg(error.errorString());
        else if (!document.isObject())
            problem = tr("Must be an object, like {\"temperature\": 0.2}");
    }
    setInvalid(this, problem);
    if (problem != m_problem) {
        m_problem = problem;
        Q_EMIT problemChanged();
    }
    if (!problem.isEmpty() || m_value.text == bridge::utf8(trimmed))
        return;
    m_value.text = bridge::utf8(trimmed);
    Q_EMIT valueChanged();
}

void JsonField::setValue(const gateway::config::JsonText &value)
{
    if (value == m_value && m_problem.isEmpty())
        return;
    m_value = value;
    setText(bridge::qt(value.text));
    setCursorPosition(0);
    setInvalid(this, {});
    m_problem.clear();
}

} // namespace ui::routes
