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
const MESSAGES: [(&str, &str); 56] = [
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
    ("WSU0101", "Supplier number &1 is invalid"),
    ("WSU0103", "Supplier &1 does not exist"),
    ("CO30008", "Item is not lot controlled"),
    ("ED01016", "Message type does not exist for partner"),
    ("MH85008", "Overreporting not allowed"),
    ("MH85009", "Processing allowed status is 90"),
    ("MH87004", "Wrong item number"),
    ("MM42103", "Available quantity is &1 for the line"),
    ("MW42028", "No balance ID found for specified lot number/location/container"),
    ("MW42223", "Available quantity is &1 for the line"),
    ("PP25010", "Warehouse &1 on PO is not the same as the one selected"),
    ("PP30003", "Order status is 50 or higher, entry not permitted"),
    ("PP30005", "Quantity must be entered"),
    ("PP30006", "Transaction date is a future date"),
    ("PP30019", "Quantity received is greater than quantity remaining"),
    ("PP30029", "Lot number cannot be entered"),
    ("S_00573", "Partial reporting of CO returns not allowed"),
    ("WBA0402", "Lot number must be entered"),
    ("WE00A03", "Partner &1 does not exist"),
    ("WGR0601", "Package number &1 is invalid"),
    ("WMS3703", "Message number &1 does not exist"),
    ("WMS3804", "Message number &1 already exists"),
    ("WMS4003", "Message line number &1 does not exist"),
    ("WMS4301", "Qualifier &1 is invalid"),
    ("WMS4303", "Qualifier &1 does not exist"),
    ("WPA5103", "Package number &1 does not exist"),
    ("WPL1803", "Picking list suffix &1 does not exist"),
    ("WPO0301", "Order line number &1 is invalid"),
    ("WPO0403", "Alias number &1 does not exist"),
    ("WPU0201", "Purchase order U/M &1 is invalid"),
    ("WPU0901", "Lowest status - purchase order &1 is invalid"),
    ("WRE0103", "Responsible &1 does not exist"),
    ("WRI0102", "Order number must be entered"),
    ("WTT0403", "Order type &1 does not exist"),
    ("WTW0402", "To location must be entered"),
    ("WWH0101", "Warehouse &1 is invalid"),
    ("WWS0103", "Location &1 does not exist"),
    ("XBA0003", "Lot number &1 does not exist for the item"),
    ("XIT0107", "Item number is not permitted - status is &1"),
    ("XNU0003", "Negative value is not permitted"),
    ("XO_1130", "Please try again later"),
    ("XRE0103", "Record does not exist"),
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
