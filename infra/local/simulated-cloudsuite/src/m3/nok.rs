//! Business refusals: M3's "NOK". A code is used only where public material gives it a meaning; everything
//! else is CPF9898, the generic wrapper whose text carries the reason.

/// One refusal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Nok {
    pub(crate) code: String,
    pub(crate) field: String,
    pub(crate) text: String,
}

/// Codes with a known meaning; `&1` stands for the value that is refused.
const MESSAGES: [(&str, &str); 15] = [
    ("XAU0008", "You are not authorized to company &1"),
    ("XIM0002", "Customer number &1 is invalid"),
    ("WCU0203", "Customer &1 does not exist"),
    ("WIT0101", "Item number &1 is invalid"),
    ("WIT0102", "Item number must be entered"),
    ("WIT0103", "Item number &1 does not exist"),
    ("WWH0103", "Warehouse &1 does not exist"),
    ("WFAC303", "Facility &1 does not exist"),
    ("WAD1003", "Address number &1 does not exist"),
    ("WMO0103", "Delivery method &1 does not exist"),
    ("WOR0303", "Customer order number &1 does not exist"),
    ("WPO0303", "Order line &1 does not exist"),
    ("WPU0803", "Purchase order number &1 does not exist"),
    ("WPN0103", "Purchase order line &1 does not exist"),
    ("WSU0103", "Supplier &1 does not exist"),
];

impl Nok {
    /// A refusal whose code is public.
    pub(crate) fn known(code: &str, field: &str, value: &str) -> Self {
        let text = message(code).unwrap_or_default().replace("&1", value.trim());
        Self { code: code.to_owned(), field: field.to_owned(), text }
    }

    /// A refusal whose own code is not public.
    pub(crate) fn generic(field: &str, text: impl Into<String>) -> Self {
        Self { code: "CPF9898".to_owned(), field: field.to_owned(), text: text.into() }
    }
}

/// The text of a message id, with its placeholder.
pub(crate) fn message(code: &str) -> Option<&'static str> {
    MESSAGES.iter().find(|(known, _)| *known == code).map(|(_, text)| *text)
}
