// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/routes/form_fields.h"

#include "ui/bridge/text.h"
#include "ui/widgets/format.h"
#include "ui/widgets/theme.h"

#include <QJsonDocument>
#include <QStyle>

namespace ui::routes {

void setInvalid(QWidget *field, const QString &why)
{
    const bool invalid = !why.isEmpty();
    field->setToolTip(why);
    field->setAccessibleDescription(why);
    if (field->property("invalid").toBool() == invalid)
        return;
    field->setProperty("invalid", invalid);
    field->style()->unpolish(field);
    field->style()->polish(field);
    field->update();
}

DurationField::DurationField(QWidget *parent) : QLineEdit(parent)
{
    connect(this, &QLineEdit::textEdited, this, [this](const QString &text) {
        std::optional<gateway::config::Millis> value;
        if (!text.trimmed().isEmpty()) {
            value = widgets::parseSetting(text);
            if (!value) {
                setInvalid(this, tr("Not a duration. Write it like 20 s, 250 ms or 2 min."));
                return;
            }
        }
        setInvalid(this, {});
        if (value == m_value)
            return;
        m_value = value;
        Q_EMIT valueChanged();
    });
    connect(this, &QLineEdit::editingFinished, this, [this] {
        if (!property("invalid").toBool() && m_value)
            setText(widgets::setting(*m_value));
    });
}

void DurationField::setValue(const std::optional<gateway::config::Millis> &value)
{
    if (value == m_value && !property("invalid").toBool())
        return;
    m_value = value;
    setText(value ? widgets::setting(*value) : QString());
    setInvalid(this, {});
}

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
